/** The words of a page, in English or Korean. */

import { agreeing } from "./particles.js";

let texts = {};

/** Returns the words for `key`, with {placeholders} filled from `values`. */
export function text(key, values = {}) {
  if (!(key in texts)) console.warn(`no text "${key}"`);
  return agreeing((texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole));
}

/** Takes the words of a language and puts them into the page; what scripts draw watches `language`. */
export function useTexts(language, words) {
  texts = words;
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
  }
}
