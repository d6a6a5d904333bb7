/** What is shown of one unit: its numbers, and its weights. */

import { make } from "./dom.js";
import { canvas, drawSigned, reach, signedColour } from "./images.js";
import { text } from "./texts.js";

/** Returns its bias and, with `now`, z and output, as the rows of a list. */
export function numbers(unit, now) {
  const rows = [[text("unit-bias"), unit.bias.toFixed(3)]];
  if (now) rows.push(["z", now.z.toFixed(3)], [text("unit-output"), `${unit.activation}(z) = ${now.output.toFixed(3)}`]);
  return rows.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)));
}

/** Returns its weights as an image of the pixels, or as a row of cells for the units before it. */
export function weightsOf(unit, shape) {
  const most = reach(unit.weights);
  if (unit.weights.length === shape[0] * shape[1]) {
    const image = canvas("large", { role: "img", "aria-label": text("unit-weights") });
    drawSigned(image, unit.weights, shape, most);
    return [make("figure", {}, image, make("figcaption", {}, text("unit-weights")))];
  }
  const cells = unit.weights.map((each, place) => {
    const cell = make("span", { class: "cell", title: `${text("unit", { number: place })}: ${each}` });
    cell.style.background = signedColour(each / most);
    return cell;
  });
  const name = text("unit-inputs");
  return [make("figure", {}, make("div", { class: "cells", role: "img", "aria-label": name }, ...cells), make("figcaption", {}, name))];
}
