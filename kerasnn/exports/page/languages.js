/** The language of the exported page: the browser's, or the one that was chosen. */

import { make } from "./dom.js";
import { store } from "./store.js";
import { text, useTexts } from "./texts.js";

const NAMES = { en: "English", ko: "한국어" }; // each in its own words

/** Speaks the browser's language, and makes the switch; describes the network in each. */
export function language(about, parameters) {
  const options = Object.entries(NAMES).map(([value, name]) => make("option", { value, lang: value }, name));
  const select = make("select", { "data-testid": "language", onchange: () => speak(about, parameters, select.value) }, ...options);
  document.getElementById("tools").append(make("label", {}, make("span", { "data-text": "language" }), " ", select));
  select.value = navigator.language.startsWith("ko") ? "ko" : "en";
  speak(about, parameters, select.value);
}

function speak(about, parameters, chosen) {
  const { texts, classes } = about.languages[chosen];
  useTexts(chosen, texts);
  const [rows, columns] = about.shape;
  const values = { model: about.model, parameters: parameters.toLocaleString(chosen), rows, columns };
  document.getElementById("about-model").replaceChildren(
    make("p", {}, text("own-about", values)), make("p", {}, text("own-doubt")));
  store.set({ language: chosen, lab: { dataset: { shape: about.shape, class_names: classes } } });
}
