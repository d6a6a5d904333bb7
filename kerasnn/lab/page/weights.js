/** The weights of the first layer: one image a unit, developing while the network is trained. */

import { make } from "./dom.js";
import { canvas, drawSigned, useColours } from "./images.js";
import { weighed } from "./looked.js";
import { inspects, roving } from "./pointing.js";
import { text } from "./texts.js";
import { refreshing } from "./watching.js";

/** Makes the element. */
export function weights() {
  const [title, note, scale] = [make("h3"), make("p", { class: "quiet" }), make("div", { class: "scale", "aria-hidden": "true" })];
  const group = make("div", { class: "tiles", role: "group" });
  const outputs = make("div", { class: "outputs row", role: "group" });
  const part = make("div", { class: "weights", "data-testid": "weights" }, title, note, scale, group, outputs);
  const tidy = [roving(group), roving(outputs)];
  let shown = "";
  refreshing(part, ["model", "weights"], 0.3, async () => {
    const { about, bytes } = await weighed();
    useColours(about.colours);
    describe(about, title, note, scale);
    if (shown !== (shown = JSON.stringify([about.layers, about.shown, about.names]))) {
      group.replaceChildren(...Array.from({ length: about.shown }, (_each, unit) => tile(about, unit)));
      outputs.replaceChildren(...outputUnits(about));
      group.classList.toggle("many", about.shown > 12);
      for (const each of tidy) each();
    }
    const [values, size] = [new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length), about.shape[0] * about.shape[1]];
    [...group.children].forEach((each, unit) => {
      drawSigned(each.firstChild, values.subarray(unit * size, (unit + 1) * size), about.shape, 127);
    });
  });
  return part;
}

function describe(about, title, note, scale) {
  const [first] = about.layers;
  title.textContent = text("weights", { layer: first?.name ?? "" });
  const some = first && about.shown < first.units ? text("first-units", { count: about.shown, all: first.units }) : "";
  note.textContent = about.shown ? `${text("weights-note")} ${some}` : text("no-weights");
  scale.hidden = !about.shown;
  const limit = about.limit.toPrecision(2);
  scale.replaceChildren(`-${limit}`, make("span", { class: "ramp" }), `+${limit}`);
  scale.children[0].style.background = `linear-gradient(to right, ${about.colours.join(", ")})`;
}

function tile(about, unit) {
  const isOutput = about.layers.length === 1;
  const name = isOutput ? about.names[unit] : text("unit", { number: unit });
  const button = make("button", { type: "button", class: "tile", tabindex: -1, "aria-label": name, title: name },
    canvas("weight"), isOutput ? make("span", {}, name) : null);
  inspects(button, () => 0, unit);
  return button;
}

/** The units of the last layer, where they are not those of the first. */
function outputUnits({ layers, names }) {
  if (layers.length < 2) return [];
  const last = layers.length - 1;
  const buttons = Array.from({ length: layers[last].units }, (_each, unit) => {
    const button = make("button", { type: "button", tabindex: -1 }, names[unit] ?? text("unit", { number: unit }));
    inspects(button, () => last, unit);
    return button;
  });
  return [make("span", { class: "quiet" }, text("output-units", { layer: layers[last].name })), ...buttons];
}
