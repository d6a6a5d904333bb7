/** One chart of curves over the epochs, which can be read with the mouse, the keyboard and a screen reader. */

import { draw, make } from "./dom.js";
import { sized } from "./sized.js";
import { text } from "./texts.js";

const SPACE = { top: 10, right: 14, bottom: 24, left: 52 };
const MARKED_FROM = 9; // pixels an epoch; below, the points of a curve would touch each other
const STEPS = [1, 2, 2.5, 5, 10];

/** Returns {element, show(content), resized(again)}; `pick(epoch)` hears which epoch the user points at. */
export function chart(about, pick) {
  const words = make("p", { id: `${about.id}-words`, class: "unseen" });
  const title = make("h3", { id: `${about.id}-title` });
  const labels = { "aria-labelledby": `${about.id}-title`, "aria-describedby": `${about.id}-words` };
  const svg = draw("svg", {
    "data-testid": about.id,
    class: "chart",
    role: "slider",
    tabindex: "0",
    "aria-valuemin": 0,
    ...labels,
  });
  const element = make("figure", {}, title, svg, words);
  let shown = null;
  let frame = null;
  svg.addEventListener(
    "pointermove",
    (event) => frame && shown.epochs.length && pick(nearest(event, svg, frame, shown)),
  );
  svg.addEventListener("keydown", (event) => pressed(event, shown, pick));
  const show = (content) => {
    shown = content;
    title.textContent = text(about.title);
    words.textContent = inWords(about, content);
    describe(svg, content);
    frame = frameOf(svg, about, content);
    if (frame) svg.replaceChildren(...axes(frame, about), ...lines(frame, about, content));
  };
  return { element, show, resized: (again) => sized(svg, again) };
}

function describe(svg, { epochs, picked, span }) {
  svg.setAttribute("aria-valuemax", Math.max(epochs.length, span));
  svg.setAttribute("aria-valuenow", picked?.epoch ?? 0);
  svg.setAttribute("aria-valuetext", picked ? epochInWords(picked) : text("no_epochs"));
}

function inWords(about, { epochs, best }) {
  if (!epochs.length) return text("no_epochs");
  const [first, last] = [epochs[0], epochs.at(-1)].map((each) => about.show(each[about.validation]));
  return text(`${about.title}_words`, {
    count: epochs.length,
    first,
    last,
    best: best.epoch,
    at_best: about.show(best[about.validation]),
  });
}

function nearest(event, svg, frame, { epochs }) {
  const place = event.clientX - svg.getBoundingClientRect().left;
  const epoch = Math.round(((place - SPACE.left) / frame.width) * frame.span);
  return Math.min(Math.max(epoch, epochs[0].epoch), epochs.at(-1).epoch);
}

function pressed(event, { epochs, picked }, pick) {
  if (!epochs.length) return;
  const [first, last] = [epochs[0].epoch, epochs.at(-1).epoch];
  const to = {
    ArrowLeft: picked.epoch - 1,
    ArrowDown: picked.epoch - 1,
    ArrowRight: picked.epoch + 1,
    ArrowUp: picked.epoch + 1,
    Home: first,
    End: last,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  pick(Math.min(Math.max(to, first), last));
}

function frameOf(svg, about, { epochs, ghosts, reference, progress, span }) {
  const width = svg.clientWidth - SPACE.left - SPACE.right;
  const height = svg.clientHeight - SPACE.top - SPACE.bottom;
  if (width <= 0 || height <= 0) return null;
  svg.setAttribute("viewBox", `0 0 ${svg.clientWidth} ${svg.clientHeight}`);
  const all = [...epochs, ...reference, ...ghosts.flatMap((ghost) => ghost.history)];
  const found = all.flatMap((each) => [each[about.training], each[about.validation]]);
  if (progress && about.training === "loss" && !epochs.length) found.push(progress.loss);
  const values = found.filter(Number.isFinite);
  let [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [about.most ? 0.5 : 0, 1];
  const margin = Math.max((high - low) * 0.08, 0.005);
  [low, high] = [Math.max(0, low - margin), Math.min(about.most ?? Infinity, high + margin)];
  const x = (epoch) => SPACE.left + (width * epoch) / span;
  const y = (value) => SPACE.top + height * (1 - (Math.min(Math.max(value, low), high) - low) / (high - low));
  return { width, height, low, high, span, x, y };
}

function axes({ width, height, low, high, span, x, y }, about) {
  const parts = ticks(low, high, Math.max(2, height / 36)).flatMap((value) => [
    draw("line", { class: "grid", x1: SPACE.left, x2: SPACE.left + width, y1: y(value), y2: y(value) }),
    draw(
      "text",
      { x: SPACE.left - 6, y: y(value) + 4, "text-anchor": "end" },
      about.most ? `${Number((100 * value).toFixed(1))} %` : String(Number(value.toFixed(4))),
    ),
  ]);
  const whole = ticks(0, span, Math.max(2, width / 60)).filter(Number.isInteger);
  parts.push(
    ...whole.map((epoch) =>
      draw("text", { x: x(epoch), y: SPACE.top + height + 16, "text-anchor": "middle" }, String(epoch)),
    ),
  );
  parts.push(
    draw("line", {
      class: "axis",
      x1: SPACE.left,
      x2: SPACE.left + width,
      y1: SPACE.top + height,
      y2: SPACE.top + height,
    }),
  );
  return parts;
}

function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = STEPS.map((each) => each * power).find((each) => each >= rough);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_each, index) => (first + index) * step);
}

function lines(frame, about, { epochs, ghosts, reference, progress, best, picked }) {
  const { x, y, height } = frame;
  const upright = (epoch, kind) =>
    draw("line", { class: kind, x1: x(epoch), x2: x(epoch), y1: SPACE.top, y2: SPACE.top + height });
  const parts = ghosts.flatMap((ghost, index) => ghostLine(ghost.history, index, frame, about.validation));
  parts.push(curve(reference, about.validation, frame, "reference"));
  if (best)
    parts.push(
      upright(best.epoch, "best"),
      draw("text", { class: "best", x: x(best.epoch), y: SPACE.top + 8, "text-anchor": "middle" }, "★"),
    );
  if (picked) parts.push(upright(picked.epoch, "picked"));
  for (const part of ["training", "validation"]) {
    parts.push(curve(epochs, about[part], frame, part));
    if (frame.width / frame.span >= MARKED_FROM) parts.push(...points(epochs, about[part], frame, part));
  }
  const running = progress && about.training === "loss" && Number.isFinite(progress.loss);
  const seen = progress && progress.epoch - 1 + progress.seen / progress.images;
  if (progress)
    parts.push(
      draw("line", { class: "progress", x1: x(0), x2: x(seen), y1: SPACE.top + height, y2: SPACE.top + height }),
    );
  if (running) parts.push(draw("circle", { class: "training now", cx: x(seen), cy: y(progress.loss), r: 4 }));
  return parts;
}

function curve(epochs, name, { x, y }, kind) {
  const places = epochs
    .filter((each) => Number.isFinite(each[name]))
    .map((each) => `${x(each.epoch)},${y(each[name])}`);
  return draw("polyline", { class: `curve ${kind}`, points: places.join(" ") });
}

function ghostLine(epochs, index, frame, name) {
  const last = epochs.at(-1);
  const number = draw("text", { x: frame.x(last.epoch) + 4, y: frame.y(last[name]) + 4 }, String(index + 1));
  return [curve(epochs, name, frame, `ghost ghost-${index}`), number];
}

function points(epochs, name, { x, y }, kind) {
  return epochs
    .filter((each) => Number.isFinite(each[name]))
    .map((each) =>
      kind === "training"
        ? draw("circle", { class: kind, cx: x(each.epoch), cy: y(each[name]), r: 3 })
        : draw("rect", { class: kind, x: x(each.epoch) - 3, y: y(each[name]) - 3, width: 6, height: 6 }),
    );
}

/** Returns the values of an epoch as a sentence. */
export function epochInWords(epoch) {
  const round = (value) => (value === undefined || value === null ? "–" : value.toFixed(4));
  const share = (value) => (value === undefined || value === null ? "–" : `${(100 * value).toFixed(1)} %`);
  return text("epoch_values", {
    epoch: epoch.epoch,
    loss: round(epoch.loss),
    val_loss: round(epoch.val_loss),
    accuracy: share(epoch.accuracy),
    val_accuracy: share(epoch.val_accuracy),
  });
}
