/** What the network answers: probabilities, hidden units, and pixels that raise or lower a score. */

import { make } from "./dom.js";
import { canvas, drawSigned, reach, signedColour, useColours } from "./images.js";
import { inspects, roving } from "./pointing.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const MOST_CELLS = 200; // hidden units that are shown
const MOST_BARS = 30; // classes that are shown in their order; of more, only the likeliest
const LIKELIEST = 10;

/** Makes the elements: {bars, hidden, effects, note}. `explain`: called with the class whose pixels are explained, or "answer". */
export function answers(explain) {
  return { bars: probabilities(), hidden: hiddenUnits(), ...effects(explain) };
}

function percent(value) {
  return value > 0.9995 ? ">99.9%" : `${(100 * value).toFixed(1)}%`;
}

function probabilities() {
  const title = make("h3");
  const answer = make("output", { class: "answer", "data-testid": "answer", "aria-live": "polite" });
  const list = make("div", { class: "bars" });
  let rows = [];
  const build = (count) => {
    rows = Array.from({ length: count }, (_each, label) => {
      const [name, value, bar] = [make("span", { class: "name" }), make("span", { class: "value" }), make("span", { class: "bar" })];
      const element = make("div", { class: "meter", role: "meter", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0,
        "data-testid": `probability-${label}` }, name, make("span", { class: "track" }, bar), value);
      inspects(element, () => (store.state.answer?.layers.length ?? 0) - 1, label);
      return { name, value, bar, element };
    });
    list.replaceChildren(...rows.map((row) => row.element));
  };
  const show = ({ answer: found, lab }) => {
    const names = found?.class_names ?? lab?.dataset.class_names ?? [];
    if (names.length !== rows.length) build(names.length);
    const likeliest = found ? names[found.label] : "";
    if (answer.textContent !== likeliest) answer.textContent = likeliest;
    const order = names.map((_name, label) => label);
    if (names.length > MOST_BARS && found) order.sort((a, b) => found.probabilities[b] - found.probabilities[a]);
    if (names.length > MOST_BARS) list.replaceChildren(...order.slice(0, LIKELIEST).map((label) => rows[label].element));
    rows.forEach((row, label) => {
      const value = found?.probabilities[label] ?? 0;
      row.name.textContent = names[label];
      row.value.textContent = found ? percent(value) : "";
      row.bar.style.transform = `scaleX(${value})`;
      row.element.classList.toggle("likeliest", label === found?.label);
      row.element.setAttribute("aria-valuenow", (100 * value).toFixed(1));
      row.element.setAttribute("aria-label", text("probability", { name: names[label] }));
    });
  };
  store.watch(["answer", "lab", "language"], (state) => { title.textContent = text("answer"); show(state); });
  return make("div", { class: "answers" }, make("div", { class: "row" }, title, answer), list);
}

function hiddenUnits() {
  const [title, group] = [make("h3"), make("div", { class: "cells", role: "group" })];
  const part = make("div", { class: "hidden-units", hidden: true }, title, group);
  const tidy = roving(group);
  let built = "";
  store.watch(["answer", "language"], ({ answer }) => {
    const layers = answer?.layers ?? [];
    part.hidden = layers.length < 2;
    if (part.hidden) return;
    const layer = layers.length - 2;
    const values = answer.units.slice(0, MOST_CELLS);
    title.textContent = text("hidden-units", { layer: layers[layer] });
    group.setAttribute("aria-label", title.textContent);
    if (built !== (built = `${layer} ${values.length} ${store.state.language}`)) {
      group.replaceChildren(...values.map((_value, unit) => cell(layer, unit)));
      tidy();
    }
    const most = reach(values);
    [...group.children].forEach((each, unit) => { each.style.background = signedColour(values[unit] / most); });
  });
  store.watch(["answer", "inspected"], ({ answer, inspected }) => [...group.children].forEach((each, unit) =>
    each.classList.toggle("inspected", inspected?.unit === unit && inspected.layer === answer?.layers.length - 2)));
  return part;
}

function cell(layer, unit) {
  const button = make("button", { type: "button", class: "cell", tabindex: -1, "aria-label": text("unit", { number: unit }) });
  inspects(button, () => layer, unit);
  return button;
}

function effects(explain) {
  const label = make("span");
  const choice = make("select", { onchange: () => explain(choice.value) });
  const [image, note] = [canvas("effects"), make("p", { class: "quiet" })];
  const name = ({ lab, answer }) => {
    const names = answer?.class_names ?? lab?.dataset.class_names ?? [];
    const chosen = choice.value || "answer";
    choice.replaceChildren(make("option", { value: "answer" }, text("effects-answer")), ...names.map((each, place) => make("option", { value: place }, each)));
    choice.value = chosen;
    label.textContent = text("effects");
  };
  let named = "";
  store.watch(["answer", "lab", "language"], (state) => {
    const { answer, lab, language } = state;
    const names = `${language} ${answer?.class_names ?? lab?.dataset.class_names}`;
    if (named !== (named = names)) name(state);
    image.hidden = !answer?.effects;
    note.textContent = text(answer && answer.effects === null ? "no-effects" : "effects-note");
    if (image.hidden) return;
    useColours(answer.colours);
    drawSigned(image, answer.effects, lab.dataset.shape, reach(answer.effects));
    image.setAttribute("aria-label", `${text("effects")} ${answer.class_names[answer.effects_label]}`);
  });
  image.setAttribute("role", "img");
  explain("answer");
  return { effects: make("figure", { class: "explained" }, image, make("figcaption", {}, make("label", {}, label, choice))), note };
}
