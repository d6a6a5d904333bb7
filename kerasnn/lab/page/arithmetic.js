/** The arithmetic behind what the lecture lets its users play with: no page, no state. */

/** Returns the probabilities that softmax makes of `z`. */
export function softmax(z) {
  const largest = Math.max(...z);
  const powers = z.map((each) => Math.exp(each - largest));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((each) => each / sum);
}

/** Returns the sigmoid of each value. */
export function sigmoid(z) {
  return z.map((each) => 1 / (1 + Math.exp(-each)));
}

/** Returns x W + b: `matrix` has a row for each value of `x` and a column for each unit. */
export function linear(x, matrix, bias) {
  return bias.map((own, unit) => x.reduce((sum, value, place) => sum + value * matrix[place][unit], own));
}

/** Returns the product of two matrices. */
export function multiply(one, other) {
  return one.map((row) => linear(row, other, other[0].map(() => 0)));
}

/** Returns the one layer that does what two linear layers in a row do: W1 W2, and b1 W2 + b2. */
export function collapsed(first, second) {
  return { matrix: multiply(first.matrix, second.matrix), bias: linear(first.bias, second.matrix, second.bias) };
}

export function relu(values) {
  return values.map((each) => Math.max(0, each));
}

/** Returns for each of `count` units whether it stays; each is dropped with a probability of `rate`. */
export function drawMask(count, rate, random = Math.random) {
  return Array.from({ length: count }, () => random() >= rate);
}

/** Returns the units' outputs behind a mask; `scaled`: those that stay divided by 1 - rate, as Keras does. */
export function masked(units, mask, rate, scaled) {
  return units.map((output, place) => (mask[place] ? output / (scaled ? 1 - rate : 1) : 0));
}

/** Returns the place of the largest value, the first of several. */
export function argmax(values) {
  return values.indexOf(Math.max(...values));
}

/** Returns argmax of a matrix: with axis 0 one place for each column, with axis 1 one for each row. */
export function argmaxAlong(matrix, axis) {
  if (axis === 1) return matrix.map(argmax);
  return matrix[0].map((_value, column) => argmax(matrix.map((row) => row[column])));
}

export function total(values) {
  return values.reduce((sum, each) => sum + each, 0);
}
