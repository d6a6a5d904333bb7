/** Controls for the kinds of settings: a number with a slider, a choice, a switch, the units of hidden layers. */

import { make } from "./dom.js";
import { text } from "./texts.js";

const RATES = { least: -5, most: 1 }; // of the slider, as powers of ten; any rate can be typed
const UNITS = { most: 9, first: 100 }; // of the slider, as a power of two; of a layer that is added

/** Returns {element, input, parts, show(value, own)} for a row of the settings; `changed(value)` hears the user. */
export function controlFor(row, id, changed) {
  const common = { id, "data-testid": `setting-${row.name}` };
  if (row.several) return layersControl(row, common, changed);
  if (row.choices.length) return choiceControl(row, common, changed);
  if (row.kind === "bool") return switchControl(common, changed);
  return numberControl(row, common, changed);
}

function choiceControl(row, common, changed) {
  const options = row.choices.map((name) => make("option", { value: name }, name));
  const input = make("select", { ...common, onchange: () => changed(input.value) }, ...options);
  return { element: field(input), input, parts: [input], show: (value) => (input.value = value) };
}

function switchControl(common, changed) {
  const input = make("input", { ...common, type: "checkbox", onchange: () => changed(input.checked) });
  return { element: field(input), input, parts: [input], show: (value) => (input.checked = value) };
}

function numberControl(row, common, changed) {
  const whole = row.kind === "int";
  const read = () => changed(input.value === "" ? undefined : Number(input.value));
  let shown = null;
  const again = () => show(shown); // what was cleared shows the stage's value
  const limits = { min: row.low, max: row.high, step: whole ? 1 : "any" };
  const input = make("input", { ...common, ...limits, type: "number", oninput: read, onblur: () => setTimeout(again) });
  const more = [];
  const scale = whole ? null : scaleOf(row);
  const slider = scale && sliderOf(row.label, scale, (value) => changed(value));
  if (slider) more.push(slider);
  if (row.name === "seed") {
    const draw = () => changed(Math.floor(Math.random() * 10_000));
    more.push(make("button", { type: "button", onclick: draw, "aria-label": text("new_seed") }, "⚄"));
  }
  const show = (value) => {
    shown = value;
    if (document.activeElement !== input) input.value = Number.isFinite(value) ? value : "";
    input.placeholder = value === null ? "–" : "";
    if (slider && document.activeElement !== slider) slider.value = scale.toSlider(value || 0);
  };
  return { element: field(...more, input), input, parts: [input, ...more], show };
}

/** A slider's scale: equal steps, or powers of ten where the range of a setting spans many. */
function scaleOf(row) {
  if (row.high <= 1) {
    return { min: row.low, max: row.high, step: 0.01, toSlider: Number, fromSlider: Number };
  }
  const toSlider = (value) => Math.log10(Math.max(value, 10 ** RATES.least));
  const fromSlider = (place) => Number((10 ** place).toPrecision(2));
  return { min: RATES.least, max: RATES.most, step: 0.05, toSlider, fromSlider };
}

function sliderOf(label, { min, max, step, fromSlider }, changed) {
  const say = () => slider.setAttribute("aria-valuetext", fromSlider(Number(slider.value)));
  const moved = () => {
    say();
    changed(fromSlider(Number(slider.value)));
  };
  const name = text("slider", { name: label });
  const slider = make("input", { type: "range", min, max, step, oninput: moved, "aria-label": name });
  return slider;
}

function layersControl(row, common, changed) {
  const numbers = () =>
    input.value
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
  const typed = () =>
    changed(!numbers().length ? undefined : numbers().every(Number.isFinite) ? numbers() : input.value);
  const input = make("input", { ...common, inputmode: "numeric", autocomplete: "off", oninput: typed });
  const add = () => changed([...numbers(), numbers().at(-1) ?? UNITS.first]);
  const more = make("button", { type: "button", id: "add-layer", onclick: add, "aria-label": text("add_layer") }, "+");
  const remove = () => changed(numbers().slice(0, -1));
  const less = make(
    "button",
    { type: "button", id: "remove-layer", onclick: remove, "aria-label": text("remove_layer") },
    "−",
  );
  const sliders = make("div", { class: "layers" });
  const control = { element: field(input, less, more, sliders), input, parts: [input, more, less] };
  control.show = (value, own) => {
    const units = Array.isArray(value) ? value : [];
    if (document.activeElement !== input) input.value = Array.isArray(value) ? value.join(", ") : value;
    input.style.flexBasis = units.length > 1 ? "100%" : "";
    less.disabled = units.length <= Math.min(own.length, 1); // no flag takes away a stage's only hidden layer
    more.disabled = units.length >= row.several;
    showUnits(sliders, units, (place, count) => changed(units.with(place, count)));
    control.parts = [input, ...[less, more].filter((button) => !button.disabled), ...sliders.children];
  };
  return control;
}

function showUnits(place, units, changed) {
  if (place.children.length !== units.length) {
    const slider = (_count, index) => {
      const label = text("layer_units", { number: index + 1 });
      const scale = { min: 0, max: UNITS.most, step: 0.25, fromSlider: (value) => Math.round(2 ** value) };
      return sliderOf(label, scale, (count) => place.changed(index, count));
    };
    place.replaceChildren(...units.map(slider));
  }
  place.changed = changed;
  units.forEach((count, index) => {
    const slider = place.children[index];
    if (document.activeElement !== slider) slider.value = Math.log2(Math.max(count, 1));
  });
}

function field(...parts) {
  return make("div", { class: "field" }, ...parts);
}
