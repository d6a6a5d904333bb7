/** The background of a photograph, as an even slope of brightness: what kerasnn/data/photographs.py fits to it. */

import { median, plane } from "./planes.js";

export const DEVIATIONS = 3; // of the background's noise; what differs by more is the garment

/** Returns the background of each plane as a plane, and the deviation from it, of the pixels where `mask` is not 0. */
export function backdrop(colours, mask) {
  const { width, height } = mask;
  const isGrey = colours.every(({ values }) => values.every((each, index) => each === colours[0].values[index]));
  const right = (index) => (index % width) / (width - 1) - 0.5;
  const down = (index) => Math.floor(index / width) / (height - 1) - 0.5;
  const places = [];
  mask.values.forEach((each, index) => { if (each) places.push(index); });
  const terms = places.map((index) => [1, right(index), down(index)]);
  const fitted = (isGrey ? colours.slice(0, 1) : colours).map(({ values }) => slope(terms, places.map((index) => values[index])));
  const noise = Math.sqrt(fitted.reduce((total, each) => total + each.deviation ** 2, 0) / fitted.length);
  const planes = fitted.map(({ found: [level, x, y] }) => plane(mask, (index) => level + x * right(index) + y * down(index)));
  return { background: isGrey ? [planes[0], planes[0], planes[0]] : planes, noise };
}

/** Fits a plane that most `values` are near; returns it, and the deviation of those that are. */
function slope(terms, values) {
  if (!values.some(Boolean)) return { found: [0, 0, 0], deviation: 1 }; // black, as behind most drawings
  let weights = new Float64Array(values.length).fill(1);
  let errors;
  let found;
  const fit = () => {
    found = leastSquares(terms, values, weights);
    errors = values.map((value, at) => Math.abs(value - found[0] - found[1] * terms[at][1] - found[2] * terms[at][2]));
  };
  for (let round = 0; round < 12; round += 1) { // least absolute errors first: a garment at the border must not tilt it
    fit();
    weights = errors.map((error) => 1 / Math.max(error, 1));
  }
  let deviation = 1;
  weights = new Float64Array(values.length).fill(1);
  for (let round = 0; round < 4; round += 1) {
    deviation = Math.max(1, 1.4826 * median(errors.filter((_each, at) => weights[at])));
    weights = errors.map((error) => (error < DEVIATIONS * deviation + 1 ? 1 : 0));
    fit();
  }
  return { found, deviation };
}

/** Returns the factors of the three terms whose weighted squares of errors are least. */
function leastSquares(terms, values, weights) {
  const rows = [0, 1, 2].map(() => new Float64Array(4));
  terms.forEach((term, at) => {
    for (let row = 0; row < 3; row += 1) {
      const weight = weights[at] * term[row];
      for (let column = 0; column < 3; column += 1) rows[row][column] += weight * term[column];
      rows[row][3] += weight * values[at];
    }
  });
  for (let pivot = 0; pivot < 3; pivot += 1) {
    for (let row = 0; row < 3; row += 1) {
      if (row === pivot || !rows[pivot][pivot]) continue;
      const factor = rows[row][pivot] / rows[pivot][pivot];
      for (let column = pivot; column < 4; column += 1) rows[row][column] -= factor * rows[pivot][column];
    }
  }
  return rows.map((row, place) => (row[place] ? row[3] / row[place] : 0));
}
