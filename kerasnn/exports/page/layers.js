/** What each layer of kerasnn/lecture computes of the values of one image, which are in one row, whatever their shape. */

import { ACTIVATIONS, OF_ROWS } from "./activations.js";

/** Returns what `layer` makes of `values`. */
export function compute(layer, values) {
  const { kind, options, inputs } = layer;
  switch (kind) {
    case "Dense":
      return activated(options.activation, linear(layer, values), options.units);
    case "Activation":
      return activated(options.activation, values, inputs.at(-1));
    case "Softmax":
      return alongAxis(inputs, options.axis, values, OF_ROWS.softmax);
    case "BatchNormalization":
      return normalized(layer, values);
    case "Rescaling":
      return values.map((each) => each * Math.fround(options.scale) + Math.fround(options.offset));
    case "ReLU":
      return values.map((each) => clipped(options, each));
    case "LeakyReLU":
      return values.map((each) => (each > 0 ? each : options.negative_slope * each));
    case "ELU":
      return values.map((each) => (each > 0 ? each : options.alpha * Math.expm1(each)));
    default: // Flatten, Reshape, and Dropout, which does nothing here
      return values;
  }
}

/** Returns the linear function of a Dense layer: z, for each row of its input. */
export function linear({ options: { units }, inputs, variables: [kernel, bias] }, values) {
  const size = inputs.at(-1);
  const z = new Float64Array((values.length / size) * units);
  for (let row = 0; row < values.length / size; row += 1) {
    const own = z.subarray(row * units, (row + 1) * units);
    if (bias) own.set(bias);
    for (let input = 0; input < size; input += 1) {
      const value = values[row * size + input];
      if (value === 0) continue; // most pixels of a drawing
      for (let unit = 0; unit < units; unit += 1) own[unit] += value * kernel[input * units + unit];
    }
  }
  return z;
}

/** Applies an activation; those that need a whole row get `size` values at a time. */
export function activated(name, values, size) {
  if (name in ACTIVATIONS) return values.map(ACTIVATIONS[name]);
  const outputs = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += size) {
    outputs.set(OF_ROWS[name](values.subarray(start, start + size)), start);
  }
  return outputs;
}

function clipped({ max_value: most, negative_slope: slope, threshold }, value) {
  if (value < threshold) return slope * (value - threshold);
  return most === null ? value : Math.min(value, most);
}

function normalized({ options, inputs, variables }, values) {
  const [gamma, beta] = [options.scale ? variables[0] : null, options.center ? variables.at(-3) : null];
  const [mean, variance] = variables.slice(-2);
  const { size, step } = axisOf(inputs, options.axis);
  return values.map((value, index) => {
    const at = Math.floor(index / step) % size;
    const scale = (gamma ? gamma[at] : 1) / Math.sqrt(variance[at] + options.epsilon);
    return (value - mean[at]) * scale + (beta ? beta[at] : 0);
  });
}

/** Returns how many places an axis has, counted with that of the images, and how far apart they are. */
function axisOf(inputs, axis) {
  const place = axis < 0 ? inputs.length + axis : axis - 1;
  return { size: inputs[place], step: inputs.slice(place + 1).reduce((product, each) => product * each, 1) };
}

function alongAxis(inputs, axis, values, ofRow) {
  const { size, step } = axisOf(inputs, axis);
  const outputs = new Float64Array(values.length);
  for (let first = 0; first < values.length; first += 1) {
    if (Math.floor(first / step) % size) continue;
    const row = ofRow(Float64Array.from({ length: size }, (_each, place) => values[first + place * step]));
    row.forEach((each, place) => { outputs[first + place * step] = each; });
  }
  return outputs;
}
