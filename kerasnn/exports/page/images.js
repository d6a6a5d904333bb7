/** Images of single pixels on canvases: grey ones, and those in the two colours of values below and above 0. */

import { make } from "./dom.js";

let ramp = null; // 255 colours for -127..127

/** Takes the server's colours for values from below to above 0. */
export function useColours(stops) {
  if (ramp) return;
  const parts = stops.map((stop) => [1, 3, 5].map((start) => parseInt(stop.slice(start, start + 2), 16)));
  ramp = Array.from({ length: 255 }, (_each, place) => {
    const at = (place / 254) * (parts.length - 1);
    const low = Math.min(Math.floor(at), parts.length - 2);
    return parts[low].map((part, colour) => Math.round(part + (parts[low + 1][colour] - part) * (at - low)));
  });
}

/** Returns the colour of a value from -1 to 1 as CSS. */
export function signedColour(value) {
  return ramp ? `rgb(${ramp[place(value)]})` : "gray";
}

function place(value) {
  return Math.round(127 + 127 * Math.max(-1, Math.min(1, value)));
}

/** Makes a canvas for an image; CSS enlarges it without smoothing. */
export function canvas(className, attributes = {}) {
  return make("canvas", { class: `pixels ${className}`, width: 28, height: 28, ...attributes });
}

/** Draws grey values from 0 to 255. */
export function drawGrey(element, pixels, [rows, columns]) {
  paint(element, rows, columns, (index) => [pixels[index], pixels[index], pixels[index]]);
}

/** Draws values from -`limit` to `limit`. */
export function drawSigned(element, values, [rows, columns], limit) {
  paint(element, rows, columns, (index) => ramp[place(values[index] / limit)]);
}

function paint(element, rows, columns, colour) {
  if (element.width !== columns || element.height !== rows) Object.assign(element, { width: columns, height: rows });
  const image = new ImageData(columns, rows);
  for (let index = 0; index < rows * columns; index += 1) image.data.set([...colour(index), 255], 4 * index);
  element.getContext("2d").putImageData(image, 0, 0);
}

/** Returns the largest size among numbers; 1 if all are 0. */
export function reach(values) {
  return values.reduce((most, each) => Math.max(most, Math.abs(each)), 0) || 1;
}
