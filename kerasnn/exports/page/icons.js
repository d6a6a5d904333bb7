/** Buttons that show a drawing; their names are their labels, for tooltips and screen readers. */

import { draw, make } from "./dom.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const PATHS = {
  eraser: "M4 15 13 5l7 6-8 9H8z M9 10l7 6",
  undo: "M8 5 3 10l5 5 M3 10h11a5 5 0 0 1 0 10h-4",
  clear: "M4 7h16 M9 7V4h6v3 M6 7l1 13h10l1-13",
  invert: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z M12 3v18 M15 4.5v15 M18 6.5v11",
  file: "M12 16V4 M7 9l5-5 5 5 M4 15v5h16v-5",
  test: "M4 4h16v16H4z M8.5 8.5h.01 M15.5 15.5h.01 M15.5 8.5h.01 M8.5 15.5h.01 M12 12h.01",
  camera: "M4 7h4l2-3h4l2 3h4v12H4z M12 9a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  photo: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
};

/** Makes the drawing of this name. */
export function icon(name) {
  return draw("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, draw("path", { d: PATHS[name] }));
}

/** Makes a button with a drawing, named by `key()` in the page's language. */
export function iconButton(name, key, attributes) {
  const button = make("button", { type: "button", class: "tool", ...attributes }, icon(name));
  const label = () => {
    button.title = text(key());
    button.setAttribute("aria-label", button.title);
  };
  store.watch(["language"], label);
  return { button, label };
}
