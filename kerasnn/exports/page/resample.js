/** Pictures in other sizes, as Pillow computes them. */

import { plane } from "./planes.js";

const sinc = (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const BOX = { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };
const LANCZOS = { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) };

/** Returns a plane of `width` x `height` values. `whole`: it has bytes, which stay bytes. */
export function lanczos(from, { width, height }, whole) {
  return resized(from, { width, height }, LANCZOS, whole);
}

/** Returns planes of bytes, made smaller by averages so that they fit into a square of `side`. */
export function thumbnail(planes, side) {
  const [{ width, height }] = planes;
  if (width <= side && height <= side) return planes;
  const aspect = width / height;
  const size = aspect <= 1
    ? { width: nearest(side * aspect, (each) => Math.abs(aspect - each / side)), height: side }
    : { width: side, height: nearest(side / aspect, (each) => Math.abs(aspect - side / each)) };
  const [across, down] = [width / size.width, height / size.height].map((each) => Math.floor(each / 2) || 1);
  const spans = { width: width / across, height: height / down };
  const opacity = planes[3];
  const small = premultiplied(planes, opacity, (value, alpha) => Math.round((value * alpha) / 255))
    .map((each) => resized(reduced(each, across, down), size, BOX, true, spans));
  return premultiplied(small, small[3], (value, alpha) => (alpha ? Math.min(255, Math.floor((255 * value) / alpha)) : value));
}

function nearest(number, away) {
  const [low, high] = [Math.max(1, Math.floor(number)), Math.max(1, Math.ceil(number))];
  return away(low) <= away(high) ? low : high;
}

/** Returns the planes with colours changed by opacity, if there is any. */
function premultiplied(planes, opacity, change) {
  if (!opacity) return planes;
  const changed = (each) => plane(each, (index) => change(each.values[index], opacity.values[index]));
  return planes.map((each) => (each === opacity ? each : changed(each)));
}

/** Returns the averages of blocks of `across` x `down` bytes. */
function reduced(from, across, down) {
  if (across === 1 && down === 1) return from;
  const size = { width: Math.ceil(from.width / across), height: Math.ceil(from.height / down) };
  return plane(size, (index) => {
    const [top, left] = [down * Math.floor(index / size.width), across * (index % size.width)];
    const [bottom, right] = [Math.min(top + down, from.height), Math.min(left + across, from.width)];
    let sum = 0;
    for (let row = top; row < bottom; row += 1) {
      for (let at = row * from.width + left; at < row * from.width + right; at += 1) sum += from.values[at];
    }
    const count = (bottom - top) * (right - left);
    return Math.floor(((sum + Math.floor(count / 2)) * Math.floor(Math.fround(2 ** 24 / count))) / 2 ** 24); // as Pillow rounds
  });
}

/** Returns `from` in another size; `spans`: how much of it, in fractions of a pixel, the new size stands for. */
function resized(from, size, filter, whole, spans = from) {
  const across = along(from, size.width, spans.width, filter, whole);
  return turned(along(turned(across), size.height, spans.height, filter, whole));
}

function turned({ width, height, values }) {
  return plane({ width: height, height: width }, (index) => values[(index % height) * width + Math.floor(index / height)]);
}

/** Resizes each row. */
function along(from, width, extent, filter, whole) {
  if (from.width === width && extent === width) return from;
  const scale = extent / width;
  const stretch = Math.max(scale, 1);
  const parts = Array.from({ length: width }, (_each, place) => weights(place, { scale, stretch, filter, limit: from.width }));
  return plane({ width, height: from.height }, (index) => {
    const start = Math.floor(index / width) * from.width;
    const { first, shares } = parts[index % width];
    let value = 0;
    for (let at = 0; at < shares.length; at += 1) value += shares[at] * from.values[start + first + at];
    return whole ? Math.max(0, Math.min(255, Math.floor(value + 0.5))) : value;
  });
}

/** Returns the shares that the values from place `first` on have in a new one. */
function weights(place, { scale, stretch, filter, limit }) {
  const centre = (place + 0.5) * scale;
  const reach = filter.support * stretch;
  const first = Math.max(0, Math.trunc(centre - reach + 0.5));
  const last = Math.min(limit, Math.trunc(centre + reach + 0.5));
  const shares = Array.from({ length: last - first }, (_each, at) => filter.weight((first + at - centre + 0.5) / stretch));
  const total = shares.reduce((sum, each) => sum + each, 0);
  return { first, shares: shares.map((each) => each / total) };
}
