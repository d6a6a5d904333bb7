/** What misleads a network in a picture, or is nothing to recognise, as in kerasnn/data/misleading.py. */

import { border, median, span, sum, totals } from "./planes.js";

export const NEAR = 64; // grey values that count as the same background
export const BRIGHT = 127;
const OFF_CENTRE = 0.2;
const FAINT = 40;
const UNRELATED = 0.2;
const LEAST_PIXELS = 784;
const SECOND = 0.4;
const GAP = 0.02;

export const note = (code, values = {}) => ({ code, values });

export function isBlank({ values }) {
  return values.every((each) => each === values[0]);
}

/** Returns whether pixels are unrelated to their neighbours. */
export function isNoise(pixels) {
  const { width, values } = pixels;
  if (values.length < LEAST_PIXELS || isBlank(pixels)) return false;
  const across = values.map((_each, index) => index).filter((index) => index % width);
  const down = values.map((_each, index) => index).filter((index) => index >= width);
  return Math.max(correlation(values, across, 1), correlation(values, down, width)) < UNRELATED;
}

function correlation(values, places, step) {
  const [one, other] = [0, step].map((back) => {
    const row = Array.from(places, (index) => values[index - back]);
    const mean = sum(row) / row.length;
    return row.map((each) => each - mean);
  });
  const product = (a, b) => sum(a.map((each, index) => each * b[index]));
  const scale = Math.sqrt(product(one, one) * product(other, other));
  return scale > 0 ? product(one, other) / scale : 1;
}

/** Returns warnings for an image as the network sees it; `background`: of the training images, null if they share none. */
export function look(pixels, background) {
  if (isBlank(pixels)) return [note("blank")];
  const [low, high] = [Math.min, Math.max].map((one) => pixels.values.reduce((before, each) => one(before, each)));
  if (high === 1) return [note("divided-already")];
  const faint = high - low < FAINT ? [note("one-shade", { span: high - low })] : [];
  if (background === null) return faint;
  if (isNoise(pixels)) return [note("noise")];
  if (faint.length) return faint;
  if (Math.abs(median(border(pixels)) - background) > BRIGHT) return [note("light-and-dark-reversed")];
  return lookAtPlace(background > BRIGHT ? { ...pixels, values: pixels.values.map((each) => 255 - each) } : pixels);
}

/** Returns a warning if the centre of brightness is far from the middle of a picture that is not filled. */
function lookAtPlace(pixels) {
  if (fillsFrame({ ...pixels, values: pixels.values.map((each) => (each > FAINT / 2 ? 1 : 0)) })) return [];
  const { rows, columns } = totals(pixels);
  const [down, right] = [rows, columns].map((counts) =>
    (counts.length > 1 ? sum(counts.map((each, place) => each * place)) / sum(counts) / (counts.length - 1) - 0.5 : 0));
  const [code, share] = [["below-centre", down], ["above-centre", -down], ["right-of-centre", right], ["left-of-centre", -right]]
    .reduce((most, each) => (each[1] > most[1] ? each : most));
  return share > OFF_CENTRE ? [note(code, { share: `${Math.round(100 * share)}%`, remedy: note("crop") })] : [];
}

/** Returns whether a mask is two large regions, side by side or one above the other. */
export function isParted(mask) {
  const { rows, columns } = totals(mask);
  return [rows, columns].some((counts) => {
    const groups = [];
    counts.forEach((count, place) => {
      if (!count) return;
      if (place && counts[place - 1]) Object.assign(groups.at(-1), { size: groups.at(-1).size + count, stop: place + 1 });
      else groups.push({ size: count, start: place, stop: place + 1 });
    });
    if (groups.length < 2) return false;
    const largest = [...groups].sort((a, b) => a.size - b.size).slice(-2);
    const [one, other] = largest.sort((a, b) => a.start - b.start);
    return Math.min(one.size, other.size) > SECOND * Math.max(one.size, other.size) && other.start - one.stop >= GAP * counts.length;
  });
}

/** Returns whether a garment fills its picture from edge to edge, or nearly so, and is centred. */
export function fillsFrame(mask) {
  const { rows, columns } = totals(mask);
  const nearly = 0.85; // of the longer side
  const spans = [rows, columns].map(span);
  const sides = [mask.height, mask.width];
  const offsets = spans.map(({ first, last }, at) => Math.abs(first + last + 1 - sides[at]) / 2 / sides[at]);
  return Math.max(...spans.map(({ length }, at) => length / sides[at])) > nearly && Math.max(...offsets) < (1 - nearly) / 2;
}
