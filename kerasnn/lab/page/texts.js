/** The words of the page, in English or Korean. */

import { get } from "./api.js";
import { agreeing } from "./particles.js";
import { store } from "./store.js";

let texts = {};

/** Returns the words for `key`, with {placeholders} filled from `values`. */
export function text(key, values = {}) {
  if (!(key in texts)) console.warn(`no text "${key}"`);
  return agreeing((texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole));
}

/** Loads the words of a language and puts them into the page; what scripts draw watches `language`. */
export async function speak(language) {
  store.state.language = language;
  ({ texts } = await get("/api/texts"));
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
  store.state.lab = await get("/api/lab");
  for (const watcher of new Set([...(store.watchers.get("language") ?? []), ...(store.watchers.get("lab") ?? [])])) {
    watcher(store.state);
  }
}
