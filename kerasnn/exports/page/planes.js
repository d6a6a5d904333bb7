/** Pictures as planes of numbers, { width, height, values }, and what is counted in them. */

export const WORKING_SIDE = 160; // pixels: averaging a larger photograph down to it removes most of its noise
const MOST_PIXELS = 16_000_000; // what every browser has room for

/** Makes a plane whose value at each index is `value(index)`; `Kind`: of its values. */
export function plane({ width, height }, value, Kind = Float64Array) {
  const values = new Kind(width * height);
  for (let index = 0; index < values.length; index += 1) values[index] = value(index);
  return { width, height, values };
}

/** Returns the planes of an image of the browser: red, green, blue and, if anything is transparent, opacity. */
export function planesOf(image) {
  const shrunk = Math.min(1, Math.sqrt(MOST_PIXELS / (image.width * image.height)));
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.floor(side * shrunk)));
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const planes = [0, 1, 2, 3].map(() => ({ width, height, values: new Uint8Array(width * height) }));
  let least = 255;
  for (let channel = 0; channel < 4; channel += 1) { // plain loops: a photograph has millions of pixels
    const { values } = planes[channel];
    for (let index = 0, at = channel; index < values.length; index += 1, at += 4) values[index] = data[at];
    if (channel === 3) for (let index = 0; index < values.length; index += 1) least &= values[index];
  }
  return least === 255 ? planes.slice(0, 3) : planes;
}

/** Returns the brightness of colours; what is transparent is black. */
export function greyOf([{ width, height, values: red }, { values: green }, { values: blue }, opacity]) {
  const values = new Uint8Array(red.length);
  for (let at = 0; at < values.length; at += 1) {
    const grey = (19595 * red[at] + 38470 * green[at] + 7471 * blue[at] + 32768) >> 16;
    values[at] = opacity ? Math.round((grey * opacity.values[at]) / 255) : grey;
  }
  return { width, height, values };
}

/** Returns the outermost values of a plane. */
export function border({ width, height, values }) {
  const found = [];
  for (let row = 0; row < height; row += 1) {
    const step = row === 0 || row === height - 1 ? 1 : Math.max(1, width - 1);
    for (let column = 0; column < width; column += step) found.push(values[row * width + column]);
  }
  return found;
}

/** Returns the value below which `share` of all lie, between two of them in proportion. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

export function median(values) {
  return quantile(values, 0.5);
}

/** Rounds as NumPy does: halves to the even number. */
export function rint(value) {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below & 1) : Math.round(value);
}

export function sum(values) {
  return values.reduce((total, each) => total + each, 0);
}

/** Returns the sums of the rows and of the columns of a plane. */
export function totals({ width, height, values }) {
  const [rows, columns] = [new Float64Array(height), new Float64Array(width)];
  values.forEach((value, index) => {
    rows[Math.floor(index / width)] += value;
    columns[index % width] += value;
  });
  return { rows, columns };
}

/** Returns the first and last place that is not 0, and how many places lie from one to the other. */
export function span(values) {
  const first = values.findIndex(Boolean);
  const last = values.findLastIndex(Boolean);
  return { first, last, length: first < 0 ? 0 : last - first + 1 };
}
