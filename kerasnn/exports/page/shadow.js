/** Shadows and specks, which are no garment, as in kerasnn/data/photographs.py. Masks are planes of 0 and 1. */

import { plane, span, sum, totals, WORKING_SIDE } from "./planes.js";
import { between } from "./surroundings.js";

const GENTLE = 7; // grey values from one pixel to the next: edges of shadows are softer, those of garments harder
const DEEPEST_SHADOW = 0.55; // brightness of a shadowed background, as a fraction of the lit one
const SAME_HUE = 0.12;
const LEAST_SHARE = 0.004; // of a row or column; fewer garment pixels are specks
const LEAST_FILL = 0.02; // of its box

const masked = (size, value) => plane(size, (index) => (value(index) ? 1 : 0), Uint8Array);
const not = (mask) => masked(mask, (index) => !mask.values[index]);
const both = (one, other) => masked(one, (index) => one.values[index] && other.values[index]);

/** Lets `seed` grow by a pixel at a time, inside `room`, at most `times` times. */
export function grown(seed, room, times) {
  const { width, height } = seed;
  let now = seed;
  for (let time = 0; time < times; time += 1) {
    const before = now.values;
    let changes = false;
    now = masked(seed, (index) => {
      if (before[index] || !room.values[index]) return before[index];
      const [row, column] = [Math.floor(index / width), index % width];
      const touches = (row > 0 && before[index - width]) || (row < height - 1 && before[index + width]) ||
        (column > 0 && before[index - 1]) || (column < width - 1 && before[index + 1]);
      changes ||= Boolean(touches);
      return touches;
    });
    if (!changes) break;
  }
  return now;
}

/** Removes what can be reached from outside across soft edges, and is the background, only darker. */
export function withoutShadow(mask, colours, background) {
  const steps = steepness(plane(mask, (index) => colours.reduce((total, { values }) => total + values[index], 0) / 3));
  const shadow = masked(mask, (index) => {
    if (!mask.values[index] || steps.values[index] >= GENTLE) return false;
    const ratios = colours.map(({ values }, at) => values[index] / Math.max(background[at].values[index], 1));
    const light = sum(ratios) / 3;
    return Math.max(...ratios) - Math.min(...ratios) < SAME_HUE && light > DEEPEST_SHADOW && light < 1;
  });
  let left = both(mask, not(grown(not(mask), shadow, WORKING_SIDE)));
  left = both(grown(not(grown(not(left), mask, 1)), mask, 1), mask); // without threads one pixel wide
  const inner = between(left);
  left = masked(mask, (index) => left.values[index] || (mask.values[index] && inner.values[index]));
  return sum(left.values) > 0.3 * sum(mask.values) ? left : mask; // else the edge of a pale garment was as soft
}

/** Returns how steep the plane is at each place, by its neighbours. */
function steepness({ width, height, values }) {
  const slope = (at, place, count, step) => {
    const [low, high] = [place > 0 ? at - step : at, place < count - 1 ? at + step : at];
    return (values[high] - values[low]) / ((high - low) / step);
  };
  return plane({ width, height }, (index) =>
    Math.hypot(slope(index, Math.floor(index / width), height, width), slope(index, index % width, width, 1)));
}

export function withoutSpecks(mask) {
  const { width, height } = mask;
  const { rows, columns } = totals(mask);
  const kept = masked(mask, (index) => mask.values[index] &&
    rows[Math.floor(index / width)] > Math.max(1, LEAST_SHARE * width) && columns[index % width] > Math.max(1, LEAST_SHARE * height));
  const left = totals(kept);
  const size = span(left.rows).length * span(left.columns).length;
  return sum(kept.values) > LEAST_FILL * size ? kept : masked(mask, () => false);
}
