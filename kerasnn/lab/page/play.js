/** Controls and pictures that the lecture's playthings share. */

import { make } from "./dom.js";
import { store } from "./store.js";

/** Returns a number as the page's language writes it. */
export function shown(value, digits = 2) {
  const small = Math.abs(value) < 1e6;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: "negative" }; // no -0.00
  return small ? value.toLocaleString(store.state.language, options) : value.toExponential(1);
}

/** Makes a labelled slider that shows its value; `set(value)` moves it without telling `moved`. */
export function slider(label, { low, high, step, value, write = shown }, moved) {
  const output = make("output", {}, write(value));
  const input = make("input", { type: "range", min: low, max: high, step, value, "aria-valuetext": write(value) });
  const say = (number) => {
    output.textContent = write(number);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    say(Number(input.value));
    moved(Number(input.value));
  });
  const set = (next) => {
    if (next < Number(input.min)) input.min = Math.floor(next); // or the slider would stop short of the number
    if (next > Number(input.max)) input.max = Math.ceil(next);
    input.value = next;
    say(next);
  };
  return { element: make("label", { class: "slider" }, make("span", {}, label), input, output), input, set };
}

/** Makes a labelled check box. */
export function tick(label, value, changed) {
  const box = make("input", { type: "checkbox", checked: value, onchange: () => changed(box.checked) });
  return make("label", { class: "tick" }, box, make("span", {}, label));
}

export function button(label, pressed, more = {}) {
  return make("button", { type: "button", onclick: pressed, ...more }, label);
}

/** Makes one bar for each name; `draw(values, highlighted)` sets shares from 0 to 1, as percentages. */
export function shares(names) {
  const rows = names.map((name) => {
    const fill = make("span", { class: "fill" });
    const value = make("span", { class: "value" });
    const bar = make("span", { class: "bar", "aria-hidden": "true" }, fill);
    return { fill, value, element: make("li", {}, make("span", { class: "name" }, name), bar, value) };
  });
  const draw = (values, highlighted = -1) => rows.forEach(({ fill, value, element }, place) => {
    fill.style.width = `${100 * values[place]}%`;
    value.textContent = percent(values[place]);
    element.classList.toggle("likeliest", place === highlighted);
  });
  return { element: make("ul", { class: "shares" }, ...rows.map((row) => row.element)), draw };
}

/** Writes a probability as a percentage; none is ever 0 or 1. */
function percent(probability) {
  if (probability > 0.9995) return `>${shown(99.9, 1)}%`;
  return probability < 0.0005 ? `<${shown(0.1, 1)}%` : `${shown(100 * probability, 1)}%`;
}

/** Makes a function that calls `act` at most once in `pause` milliseconds, and never while it is still at work. */
export function seldom(act, pause = 400) {
  let waiting = false;
  let again = false;
  const call = async () => {
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    await Promise.allSettled([act(), new Promise((done) => setTimeout(done, pause))]);
    waiting = false;
    if (again) {
      again = false;
      call();
    }
  };
  return call;
}
