/** The garment in a photograph: what stands out from the background, as kerasnn/data/photographs.py finds it. */

import { backdrop, DEVIATIONS } from "./backdrop.js";
import { border, greyOf, median, plane, quantile, sum, WORKING_SIDE } from "./planes.js";
import { thumbnail } from "./resample.js";
import { grown, withoutShadow, withoutSpecks } from "./shadow.js";
import { cut, insideBars, rectangle, withoutSmallThings } from "./surroundings.js";

const LEAST_SIDE = 8;
const LEAST_DIFFERENCE = 7.9; // grey values
export const UNEVEN = 20; // noise
const FAINT = 40;
const HALO = 0.6;

/** Returns { shades, mask, isDarker, noise, steps, isDoubtful, isRectangle }; null if the picture is too small to have a background. */
export function findGarment(planes) {
  const small = thumbnail(planes, WORKING_SIDE);
  if (isSmall(small[0])) return null;
  if (small[3]) return judged(cutOut(small));
  const [whole] = small;
  const inside = insideBars(small);
  const isSame = inside[0].width === whole.width && inside[0].height === whole.height;
  if (isSame || isSmall(inside[0])) return alone(small);
  const found = alone(inside);
  const isSure = !found.isDoubtful && found.mask.values.some(Boolean);
  const other = isSure ? null : alone(small); // the line may be the straight edge of a garment that fills the picture
  return other && !other.isDoubtful && !other.isRectangle ? other : withStep("frame-cut-off", found);
}

const isSmall = ({ width, height }) => Math.min(width, height) < LEAST_SIDE;

const withStep = (step, garment) => ({ ...garment, steps: [...new Set([step, ...garment.steps])] });

function judged(garment) {
  const edge = border(garment.mask);
  return { ...garment, isDoubtful: garment.noise > UNEVEN || sum(edge) / edge.length > 0.3, isRectangle: false };
}

/** Returns the garment of a picture that is in a margin, or that has small things beside the garment. */
function alone(colours) {
  const garment = judged(onBackground(colours));
  if (garment.isDoubtful || !garment.mask.values.some(Boolean)) return garment;
  const mask = withoutSmallThings(garment.mask);
  const box = rectangle(mask);
  if (box && !isSmall(box)) {
    const inside = alone(cut(colours, box));
    if (inside.mask.values.some(Boolean) && !inside.isDoubtful) return withStep("frame-cut-off", inside);
  }
  const isRectangle = box !== null;
  if (sum(mask.values) === sum(garment.mask.values)) return { ...garment, isRectangle };
  const shades = plane(mask, (index) => garment.shades.values[index] * mask.values[index]);
  return withStep("small-things-left-out", { ...garment, mask, shades, isRectangle });
}

/** Lays a garment on transparency on white; on black if its edge is dark, or itself white. */
function cutOut(planes) {
  const opacity = plane(planes[3], (index) => planes[3].values[index] / 255);
  const grey = greyOf(planes.slice(0, 3));
  const mask = plane(grey, (index) => (opacity.values[index] > 0.5 ? 1 : 0), Uint8Array);
  const inside = grey.values.filter((_each, index) => mask.values[index]);
  const edge = grey.values.filter((_each, index) => opacity.values[index] > 0.1 && opacity.values[index] < 0.6);
  let onWhite = !inside.length || 255 - quantile(inside, 0.05) > FAINT;
  if (onWhite && edge.length && inside.length && quantile(inside, 0.95) > FAINT) onWhite = median(edge) > HALO * median(inside);
  const shades = plane(grey, (index) => {
    const { [index]: value } = grey.values;
    return (onWhite ? 255 - value : value) * opacity.values[index] * mask.values[index];
  });
  return { shades, mask, isDarker: onWhite, noise: 0, steps: [onWhite ? "laid-on-white" : "laid-on-black"] };
}

/** Separates a garment from a background whose brightness changes evenly. */
function onBackground(colours) {
  const [{ width, height }] = colours;
  const rim = Math.max(1, Math.floor(Math.min(width, height) / 40));
  const everywhere = plane(colours[0], () => 1, Uint8Array);
  let outside = plane(colours[0], (index) => {
    const [row, column] = [Math.floor(index / width), index % width];
    return Math.min(row, height - 1 - row, column, width - 1 - column) < rim ? 1 : 0;
  }, Uint8Array);
  let background;
  let noise;
  let distance;
  let mask;
  for (let round = 0; round < 2; round += 1) { // first from the border alone, then from all that is not the garment
    ({ background, noise } = backdrop(colours, outside));
    distance = plane(mask ?? outside, (index) => Math.sqrt(mean(colours, (values, at) => (values[index] - background[at].values[index]) ** 2)));
    mask = plane(distance, (index) => (distance.values[index] > Math.max(DEVIATIONS * noise, LEAST_DIFFERENCE) ? 1 : 0), Uint8Array);
    const near = grown(mask, everywhere, 3);
    const around = plane(near, (index) => 1 - near.values[index], Uint8Array);
    if (sum(around.values) > 0.1 * around.values.length) outside = around;
  }
  mask = withoutSpecks(withoutShadow(mask, colours, background));
  const brighter = plane(mask, (index) => mask.values[index] * mean(colours, (values, at) => values[index] - background[at].values[index]));
  const shades = plane(mask, (index) => distance.values[index] * mask.values[index]);
  return { shades, mask, isDarker: sum(brighter.values) < 0, noise, steps: ["background-removed"] };
}

function mean(planes, value) {
  return planes.reduce((total, { values }, at) => total + value(values, at), 0) / planes.length;
}
