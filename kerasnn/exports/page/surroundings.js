/** What surrounds a photograph or its garment is left out, as in kerasnn/data/surroundings.py. */

import { median, plane, span, sum, totals } from "./planes.js";

const STEP = 8; // grey values from one row to the next
const ACROSS = 0.9; // of a row
const EVEN = 0.7; // of a row of a bar; letters are the rest
const DEEPEST = 0.4; // of the picture
const FULL = 0.99; // of its box
const BESIDE = 0.1;
const RIM = 2; // pixels
const FAR = 0.04; // of the picture
const SMALL = 0.4; // of the largest thing

/** Cuts planes to what is in the box. */
export function cut(planes, { top, left, width, height }) {
  return planes.map((each) => plane({ width, height }, (index) =>
    each.values[(top + Math.floor(index / width)) * each.width + left + (index % width)], each.values.constructor));
}

/** Cuts a picture at straight lines from edge to edge. */
export function insideBars(colours) {
  let planes = colours;
  for (let side = 0; side < 8; side += 1) { // each twice: some lines reach the edge only where a bar is cut off
    const [{ width, height }] = planes;
    const top = barHeight(planes);
    planes = turned(cut(planes, { top, left: 0, width, height: height - top }));
  }
  return planes;
}

function barHeight(planes) {
  const [{ width, height }] = planes;
  const count = Math.min(height, Math.floor(DEEPEST * height) + 1);
  const rows = Array.from({ length: count }, (_each, row) => Array.from({ length: width }, (_value, column) =>
    planes.reduce((total, { values }) => total + values[row * width + column], 0) / planes.length));
  const share = (row, test) => row.filter(test).length / width;
  let found = 0;
  for (let at = 0; at + 1 < count; at += 1) {
    const middle = median(rows[at]);
    if (share(rows[at], (each) => Math.abs(each - middle) < STEP) <= EVEN) break;
    const steps = rows[at].map((each, column) => rows[at + 1][column] - each);
    if (Math.max(share(steps, (each) => each > STEP), share(steps, (each) => each < -STEP)) > ACROSS) found = at + 1;
  }
  return found;
}

/** Turns planes by 90 degrees, anticlockwise. */
function turned(planes) {
  return planes.map(({ width, height, values }) => plane({ width: height, height: width }, (index) =>
    values[(index % height) * width + width - 1 - Math.floor(index / height)], values.constructor));
}

const flipped = ({ width, height, values }) =>
  plane({ width: height, height: width }, (index) => values[(index % height) * width + Math.floor(index / height)], Uint8Array);

/** Returns the box inside a rectangle, if the mask is one, full or drawn, but for letters beside it; or else null. */
export function rectangle(mask) {
  const { rows, columns } = totals(mask);
  const [down, across] = [rows, columns].map((counts) => span(counts.map((each) => each > Math.max(...counts) / 2)));
  if (!down.length) return null;
  const [inside] = cut([mask], { top: down.first, left: across.first, width: across.length, height: down.length });
  const [one, other] = [between(inside), flipped(between(flipped(inside)))];
  const size = inside.values.length;
  const full = one.values.filter((each, index) => each && other.values[index]).length;
  if (full <= FULL * size || sum(mask.values) - sum(inside.values) > BESIDE * size) return null;
  return { top: down.first + RIM, left: across.first + RIM, width: across.length - 2 * RIM, height: down.length - 2 * RIM };
}

/** Returns the places from the first to the last of the mask, in each row. */
export function between({ width, height, values }) {
  const rows = Array.from({ length: height }, (_each, row) => span(values.subarray(row * width, (row + 1) * width)));
  return plane({ width, height }, (index) => {
    const { first, last } = rows[Math.floor(index / width)];
    return first >= 0 && index % width >= first && index % width <= last ? 1 : 0;
  }, Uint8Array);
}

/** Leaves out what is far from the largest thing, and small. */
export function withoutSmallThings(mask) {
  let left = mask;
  for (let axis = 0; axis < 4; axis += 1) { // each twice, as what is left out may have bridged a gap
    const counts = totals(left).rows;
    const kept = keptRows(counts, Math.max(1, Math.floor((FAR * counts.length) / 2)));
    left = flipped({ ...left, values: left.values.map((each, index) => (kept[Math.floor(index / left.width)] ? each : 0)) });
  }
  return left;
}

/** Returns whether each row belongs to a large part; parts are more than twice `reach` apart. */
function keptRows(counts, reach) {
  const parts = [];
  counts.forEach((count, row) => {
    if (!count) return;
    if (parts.length && row - parts.at(-1).last <= 2 * reach + 1) Object.assign(parts.at(-1), { last: row, size: parts.at(-1).size + count });
    else parts.push({ first: row, last: row, size: count });
  });
  const most = Math.max(...parts.map(({ size }) => size));
  return counts.map((_count, row) => parts.some(({ first, last, size }) => row >= first && row <= last && size > SMALL * most));
}
