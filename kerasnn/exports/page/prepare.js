/** A picture in the form of the training images, as kerasnn/data/pictures.py prepares it for `kerasnn predict`. */

import { findGarment, UNEVEN } from "./garment.js";
import { BRIGHT, fillsFrame, isBlank, isNoise, isParted, look, NEAR, note } from "./misleading.js";
import { border, greyOf, median, plane, planesOf, quantile, rint, span, totals } from "./planes.js";
import { lanczos } from "./resample.js";

const LEAST_DIFFERENCE = 8; // grey values
const DIM = 170; // a smaller contrast is said to have been raised

/** Returns { pixels, notes } for an image of the browser. `shape`, `background`: of the training images. */
export function prepared(image, { shape: [height, width], background }) {
  const planes = planesOf(image);
  const grey = greyOf(planes);
  const notes = [];
  const result = (pixels, more) => ({ pixels: Array.from(pixels.values), notes: [...notes, ...more] });
  let swaps = false;
  if (background !== null) {
    const turned = isReversed(grey, background);
    const opaque = planes.length === 3;
    const garment = opaque && grey.width === width && grey.height === height && turned !== null ? undefined : findGarment(planes);
    if (garment === undefined) {
      swaps = turned;
      if (swaps) notes.push(note("prepared", { steps: [note("light-and-dark-swapped")] }));
    } else if (garment === null) {
      notes.push(note("too-small"));
    } else if (!garment.mask.values.some(Boolean)) {
      const pixels = scaled(grey, { width, height }, notes);
      return result(pixels, [note(withoutGarment(pixels, garment.noise))]);
    } else if (!opaque || !isEnlarged(grey, garment, { width, height, background })) {
      const { pixels, steps } = asTrained(garment, { width, height, background });
      return result(pixels, steps);
    }
  }
  const small = scaled(grey, { width, height }, notes);
  const pixels = swaps ? negative(small) : small;
  return result(pixels, look(pixels, background));
}

const negative = (pixels) => plane(pixels, (index) => 255 - pixels.values[index]);

/** Returns whether the border is as light as the background is dark, or the reverse; null if it is like neither. */
function isReversed(grey, background) {
  const edge = border(grey);
  const near = (value) => edge.filter((each) => Math.abs(each - value) < NEAR).length / edge.length;
  const [same, opposite] = [near(background), near(255 - background)];
  return Math.max(same, opposite) > 0.25 ? opposite > same : null;
}

function withoutGarment(pixels, noise) {
  if (isBlank(pixels)) return "blank";
  if (noise < UNEVEN) return "no-garment";
  return isNoise(pixels) ? "noise" : "not-found";
}

/** Returns whether a picture has the form of the training images, only more pixels. */
function isEnlarged(grey, garment, { width, height, background }) {
  const sameSides = grey.height * width === grey.width * height;
  const isWhole = !garment.steps.includes("frame-cut-off");
  return sameSides && isWhole && Math.abs(median(border(grey)) - background) < LEAST_DIFFERENCE && fillsFrame(garment.mask);
}

/** Returns a garment as the training images show theirs, and notes of how it came to that. */
function asTrained(garment, { width, height, background }) {
  const { pixels, contrast } = fitted(garment, { width, height });
  const lightGround = background > BRIGHT;
  const steps = garment.steps.map((each) => note(each));
  if (garment.isDarker !== lightGround) steps.push(note("light-and-dark-swapped"));
  steps.push(note("cut-to-the-garment"));
  if (contrast < DIM) steps.push(note("contrast-raised", { times: Number((255 / contrast).toFixed(1)) }));
  const notes = [note("prepared", { steps })];
  if (isNoise(pixels)) notes.push(note("noise"));
  else if (isParted(garment.mask)) notes.push(note("several-garments"));
  else if (garment.isDoubtful) notes.push(note("uneven-background"));
  else if (garment.isRectangle) notes.push(note("rectangle"));
  return { pixels: lightGround ? negative(pixels) : pixels, steps: notes };
}

/** Cuts to the garment, and scales it to fill an image, centred on black; also returns its contrast before, 0..255. */
function fitted({ shades, mask }, { width, height }) {
  const { rows, columns } = totals(mask);
  const [down, across] = [span(rows), span(columns)];
  const inside = shades.values.filter((_each, index) => mask.values[index]);
  const contrast = Math.max(1, quantile(inside, 0.995));
  const cut = plane({ width: across.length, height: down.length }, (index) => {
    const [row, column] = [Math.floor(index / across.length), index % across.length];
    return 255 * Math.min(1, shades.values[(down.first + row) * mask.width + across.first + column] / contrast);
  });
  const scale = Math.min(height / cut.height, width / cut.width);
  const size = { width: Math.max(1, rint(cut.width * scale)), height: Math.max(1, rint(cut.height * scale)) };
  const large = lanczos(cut, size, false);
  const [top, left] = [Math.floor((height - size.height) / 2), Math.floor((width - size.width) / 2)];
  const pixels = plane({ width, height }, (index) => {
    const [row, column] = [Math.floor(index / width) - top, (index % width) - left];
    const isInside = row >= 0 && row < size.height && column >= 0 && column < size.width;
    return isInside ? Math.max(0, Math.min(255, rint(large.values[row * size.width + column]))) : 0;
  });
  return { pixels, contrast };
}

/** Scales a grey picture; what its proportions leave is as bright as its border. */
function scaled(grey, { width, height }, notes) {
  if (grey.width !== grey.height && width === height) notes.push(note("padded", { width: grey.width, height: grey.height }));
  if (grey.width * height === grey.height * width) return lanczos(grey, { width, height }, true);
  const whole = { width: Math.max(grey.width, rint((grey.height * width) / height)), height: Math.max(grey.height, rint((grey.width * height) / width)) };
  const ground = rint(median(border(grey)));
  const [top, left] = [Math.floor((whole.height - grey.height) / 2), Math.floor((whole.width - grey.width) / 2)];
  const padded = plane(whole, (index) => {
    const [row, column] = [Math.floor(index / whole.width) - top, (index % whole.width) - left];
    const isInside = row >= 0 && row < grey.height && column >= 0 && column < grey.width;
    return isInside ? grey.values[row * grey.width + column] : ground;
  });
  return lanczos(padded, { width, height }, true);
}
