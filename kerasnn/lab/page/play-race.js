/** The optimizers' race down a bowl: the paths that their own rules take, from any start and with other rates. */

import { post } from "./api.js";
import { draw, make } from "./dom.js";
import { button, seldom, shown, slider } from "./play.js";
import { text } from "./texts.js";

const [WIDE, HIGH, REACH_X, REACH_Y] = [460, 240, 2.6, 1.4];
const LEVELS = [0.05, 0.2, 0.6, 1.5, 3, 6, 12]; // losses along which the bowl has the same height
const DASHES = ["", "7 3", "7 3 2 3", "2 3", "12 4", "4 4"];
const at = ([x, y]) => [WIDE / 2 * (1 + x / REACH_X), HIGH / 2 * (1 - y / REACH_Y)];
const clipped = (value) => Math.max(-1e4, Math.min(1e4, value));

/** Makes the plaything. `saved`: the `power` of ten times the rates, the `start`, and the `step` shown. */
export function play(saved) {
  Object.assign(saved, { power: 0, start: [-2, 1], step: 40, ...saved });
  const picture = draw("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "bowl draggable", "aria-hidden": "true" });
  const places = make("div", { class: "table", role: "region", tabindex: 0, "aria-label": text("play_race_places") });
  let race = null;
  let timer = null;

  const show = () => race && (paint(picture, race, saved.step), places.replaceChildren(table(race, saved.step)));
  const ask = seldom(async () => {
    race = await post("/api/lessons/optimizers/numbers", { factor: 10 ** saved.power, start: saved.start });
    show();
  }, 50);
  const to = (step) => {
    saved.step = step;
    steps.set(step);
    show();
  };
  const stop = () => clearInterval(timer);
  const run = () => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    stop();
    to(still ? race.steps : 0);
    timer = setInterval(() => (saved.step < race.steps && picture.isConnected ? to(saved.step + 1) : stop()), 120);
  };
  const limits = { low: 0, high: 40, step: 1, value: saved.step, write: (value) => shown(value, 0) };
  const steps = slider(text("play_race_step"), limits, (value) => {
    stop();
    to(value);
  });
  const controls = startControls(saved, ask);
  onClick(picture, (start) => controls.move(start));
  ask();
  const element = make("div", {},
    make("figure", {}, picture, make("figcaption", {}, text("play_race_bowl"))),
    make("div", { class: "row" }, button(text("play_race_go"), () => race && run(), { class: "primary" })),
    steps.element, ...controls.elements, places);
  return { element };
}

function startControls(saved, ask) {
  const times = (value) => `× ${shown(10 ** value, 2)}`;
  const factor = slider(text("play_race_factor"), { low: -1, high: 1, step: 0.05, value: saved.power, write: times }, (value) => {
    saved.power = value;
    ask();
  });
  const axes = ["x", "y"].map((name, place) => {
    const limit = place ? 1.3 : 2.5;
    const limits = { low: -limit, high: limit, step: 0.05, value: saved.start[place] };
    return slider(text("play_race_start", { axis: name }), limits, (value) => {
      saved.start = saved.start.with(place, value);
      ask();
    });
  });
  const move = (start) => {
    saved.start = start;
    axes.forEach((each, place) => each.set(start[place]));
    ask();
  };
  return { elements: [factor, ...axes].map((each) => each.element), move };
}

function onClick(picture, start) {
  picture.addEventListener("pointerdown", (event) => {
    const box = picture.getBoundingClientRect();
    const x = (2 * (event.clientX - box.left) / box.width - 1) * REACH_X;
    const y = (1 - 2 * (event.clientY - box.top) / box.height) * REACH_Y;
    start([Math.max(-2.5, Math.min(2.5, x)), Math.max(-1.3, Math.min(1.3, y))]);
  });
}

function paint(picture, race, step) {
  const [middleX, middleY] = at([0, 0]);
  const rings = LEVELS.map((loss) => draw("ellipse", {
    cx: middleX, cy: middleY, class: "level",
    rx: WIDE / 2 * Math.sqrt(2 * loss / race.across) / REACH_X, ry: HIGH / 2 * Math.sqrt(2 * loss / race.down) / REACH_Y,
  }));
  const paths = race.paths.map(({ points }, number) => {
    const some = points.slice(0, step + 1).map((point) => at(point.map(clipped)));
    const line = some.map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    const [x, y] = some.at(-1);
    return draw("g", { class: `path path-${number}` }, draw("path", { d: line, "stroke-dasharray": DASHES[number] }),
      draw("circle", { cx: x, cy: y, r: 8 }), draw("text", { x, y: y + 3.5 }, String(number + 1)));
  });
  picture.replaceChildren(...rings, draw("circle", { cx: middleX, cy: middleY, r: 3, class: "bottom" }), ...paths);
}

/** Makes the table of where each optimizer is after `step` steps, the lowest loss first. */
function table(race, step) {
  const numbered = race.paths.map((path, number) => ({ ...path, number }));
  const order = numbered.sort((one, other) => one.losses[step] - other.losses[step]);
  const head = ["number", "name", "rate", "point", "loss"].map((name) => make("th", { scope: "col" }, text(`play_race_${name}`)));
  const rows = order.map(({ title, rate, points, losses, number }) => make("tr", {},
    make("td", { class: `number path-${number}` }, String(number + 1)), make("th", { scope: "row" }, title),
    make("td", { class: "number" }, shown(rate, 3)),
    make("td", { class: "number" }, `(${points[step].map((each) => shown(each)).join(", ")})`),
    make("td", { class: "number" }, shown(losses[step], 4))));
  return make("table", {}, make("caption", {}, text("play_race_after", { step })),
    make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}
