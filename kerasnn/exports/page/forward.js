/** The network: its probabilities for an image, what its units say, and what each pixel does to the score of a class. */

import { ACTIVATIONS, SLOPES } from "./activations.js";
import { activated, compute, linear } from "./layers.js";

const STEP = 1e-5; // of central differences

/** Takes what the page knows of the network, and its weights: float32 in base64. */
export function opened({ layers, dense, scores, independent }, encoded) {
  const content = atob(encoded);
  const bytes = new Uint8Array(content.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = content.charCodeAt(at);
  const values = new Float32Array(bytes.buffer);
  let place = 0;
  const read = layers.map(({ layer, inputs, sizes }) => {
    const variables = sizes.map((size) => values.subarray(place, (place += size)));
    return { ...layer, inputs, variables };
  });
  return { layers: read, dense: dense.map((each) => read[each]), scores, independent, parameters: values.length };
}

let last = {}; // what was computed of the last image, about which several things are asked

/** Returns the image, grey values from 0 to 255, and what each of the first `end` layers gives. */
function outputs(network, pixels, end = network.layers.length) {
  if (last.network !== network || last.pixels !== pixels) {
    const found = [Float64Array.from(pixels)];
    for (const layer of network.layers) found.push(compute(layer, found.at(-1)));
    last = { network, pixels, found };
  }
  return last.found.slice(0, end + 1);
}

/** Returns the probability of each class. */
export function probabilities(network, pixels) {
  const said = outputs(network, pixels).at(-1);
  if (said.length === 1) return [1 - said[0], said[0]];
  const sum = network.independent ? said.reduce((total, each) => total + each, 0) : 1;
  return Array.from(said, (each) => each / sum);
}

/** Returns z and output of each unit of a Dense layer. */
export function responses(network, pixels, layer) {
  const z = linear(layer, outputs(network, pixels, network.layers.indexOf(layer)).at(-1));
  return { z, outputs: activated(layer.options.activation, z, layer.options.units) };
}

/** Returns the slope of the score of class `label` by each pixel, times the pixel; null if softmax is on the way. */
export function effects(network, pixels, label) {
  const { end, inside } = network.scores;
  const values = outputs(network, pixels, end);
  const ending = network.layers[end];
  const units = inside ? ending.options.units : values[end].length;
  let slopes = new Float64Array(units);
  slopes[units === 1 ? 0 : label] = units === 1 && label === 0 ? -1 : 1;
  if (inside) slopes = backward(ending, slopes);
  for (let place = end - 1; place >= 0 && slopes; place -= 1) slopes = through(network.layers[place], values[place], slopes);
  return slopes && slopes.map((slope, pixel) => slope * pixels[pixel]);
}

/** Returns the slopes by the inputs of a layer from those by its outputs. */
function through(layer, values, slopes) {
  const { kind, options } = layer;
  if (kind === "Softmax" || ["softmax", "log_softmax"].includes(options.activation)) return null;
  if (kind === "Dense") {
    const z = linear(layer, values);
    const slope = SLOPES[options.activation] ?? ((each) => steepness(ACTIVATIONS[options.activation], each));
    return backward(layer, slopes.map((each, unit) => each * slope(z[unit])));
  }
  if (["Flatten", "Reshape", "Dropout"].includes(kind)) return slopes;
  const [above, below] = [STEP, -STEP].map((step) => compute(layer, values.map((each) => each + step)));
  return slopes.map((each, place) => (each * (above[place] - below[place])) / (2 * STEP));
}

function steepness(ofValue, value) {
  return (ofValue(value + STEP) - ofValue(value - STEP)) / (2 * STEP);
}

/** Returns the slopes by the inputs of a Dense layer from those by its z. */
function backward({ options: { units }, inputs, variables: [kernel] }, slopes) {
  const size = inputs.at(-1);
  return Float64Array.from({ length: (slopes.length / units) * size }, (_each, place) => {
    const [row, input] = [Math.floor(place / size), place % size];
    let sum = 0;
    for (let unit = 0; unit < units; unit += 1) sum += slopes[row * units + unit] * kernel[input * units + unit];
    return sum;
  });
}
