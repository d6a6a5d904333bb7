/** One unit of the exported network: its weights, bias, z and output. */

import { make } from "./dom.js";
import { store } from "./store.js";
import { text } from "./texts.js";
import { numbers, weightsOf } from "./unit-parts.js";

/** Makes the element; it shows the unit that is pointed at, and before that the hidden one that says most. */
export function unit(network) {
  const [title, values, weights] = [make("h3"), make("dl", { class: "values" }), make("div")];
  const part = make("div", { class: "unit", "data-testid": "unit" }, title, values, weights);
  let of = null;
  store.watch(["inspected", "language", "lab"], ({ inspected, lab }) => {
    of = inspected && lab ? known(network, inspected, lab.dataset.class_names) : null;
    title.textContent = of ? text("unit-of", { name: of.name, layer: of.layer }) : "";
    weights.replaceChildren(...(of ? weightsOf(of, lab.dataset.shape) : []));
  });
  store.watch(["answer"], ({ answer, inspected }) => {
    if (!answer || inspected || !network.dense.length) return;
    const said = answer.units.length ? answer.units : answer.probabilities;
    store.set({ inspected: { layer: Math.max(0, network.dense.length - 2), unit: said.indexOf(Math.max(...said)) } });
  });
  store.watch(["answer", "inspected", "language"], ({ answer }) => values.replaceChildren(...(of ? numbers(of, answer?.unit) : [])));
  return part;
}

function known({ dense }, { layer: place, unit: at }, names) {
  const { options, inputs, variables: [kernel, bias] } = dense[place];
  const own = at % options.units; // of a layer that sees each row of the image by itself
  const weights = Array.from({ length: inputs.at(-1) }, (_each, input) => kernel[input * options.units + own]);
  const isClass = place === dense.length - 1 && options.units === names.length;
  return { weights, bias: bias?.[own] ?? 0, activation: options.activation, layer: options.name,
           name: isClass ? names[at] : text("unit", { number: at }) };
}
