/** A wall of validation images, always the same, with the network's changing answers. */

import { make } from "./dom.js";
import { pictureButtons } from "./gallery.js";
import { looked } from "./looked.js";
import { roving } from "./pointing.js";
import { text } from "./texts.js";
import { refreshing } from "./watching.js";

/** Makes the element. */
export function wall() {
  const [title, note, group] = [make("h3"), make("p", { class: "quiet" }), make("div", { class: "gallery wall", role: "group" })];
  const part = make("div", { class: "walled" }, title, note, group);
  const tidy = roving(group);
  let truths = [];
  refreshing(part, ["model", "weights"], 1, async () => {
    const found = await looked();
    if (!truths.length) {
      const numbers = found.wall.map((_each, number) => number);
      group.replaceChildren(...(await pictureButtons(numbers, (place, image) => { truths[place] = image.truth; return ""; })));
      for (const each of group.children) each.tabIndex = -1;
      tidy();
    }
    const right = found.wall.filter((answer, place) => answer === truths[place]).length;
    title.textContent = text("wall", { right, count: truths.length });
    note.textContent = text("wall-note");
    group.setAttribute("aria-label", title.textContent);
    [...group.children].forEach((button, place) => mark(button, found.names[truths[place]], found.names[found.wall[place]], found.wall[place] === truths[place]));
  });
  return part;
}

function mark(button, truth, answer, right) {
  const name = text(right ? "wall-right" : "wall-wrong", { truth, answer });
  button.classList.toggle("wrong", !right);
  button.title = name;
  button.setAttribute("aria-label", name);
  button.lastChild.textContent = answer;
}
