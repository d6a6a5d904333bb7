/** The activation functions of kerasnn/lecture/activations.py, for one value or, at the end, for a row of values. */

const sigmoid = (z) => 0.5 * (Math.tanh(0.5 * z) + 1);
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

export const ACTIVATIONS = {
  relu: (z) => Math.max(z, 0),
  sigmoid,
  tanh: Math.tanh,
  linear: (z) => z,
  leaky_relu: (z) => Math.max(z, 0.2 * z),
  elu: (z) => (z > 0 ? z : Math.expm1(z)),
  silu: (z) => z * sigmoid(z),
  gelu: (z) => 0.5 * z * erfc(-z * Math.SQRT1_2),
  selu: (z) => 1.05070098735548 * (z > 0 ? z : 1.67326324235438 * Math.expm1(z)),
  softplus,
  relu6: (z) => Math.min(Math.max(z, 0), 6),
};

// of the others it is measured
export const SLOPES = {
  relu: (z) => (z > 0 ? 1 : 0),
  sigmoid: (z) => sigmoid(z) * sigmoid(-z),
  tanh: (z) => 1 - Math.tanh(z) ** 2,
  linear: () => 1,
};

export const OF_ROWS = {
  softmax: (row) => logSoftmax(row).map(Math.exp),
  log_softmax: logSoftmax,
};

function logSoftmax(row) {
  const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = row.reduce((total, each) => total + Math.exp(each - most), 0);
  return row.map((each) => each - most - Math.log(sum));
}

/** Returns 1 - erf(x): by its series near 0, further out by a continued fraction. */
function erfc(x) {
  const size = Math.abs(x);
  let tail;
  if (size < 2.5) {
    let [term, sum] = [size, size];
    for (let n = 1; Math.abs(term) > 1e-17; n += 1) {
      term *= -(size ** 2) / n;
      sum += term / (2 * n + 1);
    }
    tail = 1 - (2 / Math.sqrt(Math.PI)) * sum;
  } else {
    let fraction = size;
    for (let n = 60; n > 0; n -= 1) fraction = size + n / 2 / fraction;
    tail = Math.exp(-(size ** 2)) / (Math.sqrt(Math.PI) * fraction);
  }
  return x < 0 ? 2 - tail : tail;
}
