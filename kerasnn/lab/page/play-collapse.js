/** Two linear layers in a row and the one that does the same, for an input that can be dragged. */

import { collapsed, linear, relu } from "./arithmetic.js";
import { draw, make } from "./dom.js";
import { shown, slider, tick } from "./play.js";
import { text } from "./texts.js";

const REACH = 2; // of the inputs
const FIRST = { matrix: [[1, 0.5], [-0.5, 1]], bias: [0.5, -0.5] };
const SECOND = { matrix: [[1, -1], [0.5, 1]], bias: [0, 0.5] };
const LINES = [-2, -1, 0, 1, 2];
const POINTS = Array.from({ length: 41 }, (_each, place) => -REACH + place / 10);

/** Makes the plaything. `saved`: the input `x`, both layers, and whether there is a ReLU between them. */
export function play(saved) {
  Object.assign(saved, { x: [1, -1], bent: false, first: structuredClone(FIRST), second: structuredClone(SECOND), ...saved });
  const { input, output, point, one, two } = planes();
  const words = make("p", { class: "formula", role: "status" });
  const product = make("div", {});
  const sliders = [0, 1].map((place) => slider(`x${place + 1}`, { low: -REACH, high: REACH, step: 0.05, value: saved.x[place] },
    (value) => move(saved.x.with(place, value))));

  const show = () => {
    const single = collapsed(saved.first, saved.second);
    const [both, alone] = [through(saved, saved.x), linear(saved.x, single.matrix, single.bias)];
    place(point, input.at(saved.x));
    place(two, output.at(both));
    place(one, output.at(alone));
    output.grid.setAttribute("d", gridOf((x) => output.at(through(saved, x))));
    product.replaceChildren(layer("W1 W2", "b1 W2 + b2", single));
    const values = { two: pair(both), one: pair(alone), difference: pair(both.map((each, at) => each - alone[at])) };
    words.textContent = text("play_collapse_outputs", values);
  };
  const move = (x) => {
    saved.x = x.map((each) => Math.max(-REACH, Math.min(REACH, each)));
    sliders.forEach((each, at) => each.set(saved.x[at]));
    show();
  };
  drag(input, move);
  const bend = tick(text("play_collapse_bend"), saved.bent, (value) => {
    saved.bent = value;
    show();
  });
  const layers = make("div", { class: "row" }, layer("W1", "b1", saved.first, { changed: show }),
    layer("W2", "b2", saved.second, { changed: show, input: "h" }), product);
  show();
  const pictures = make("div", { class: "two" }, figure(input.svg, text("play_collapse_input")),
    figure(output.svg, text("play_collapse_output")));
  const element = make("div", {}, pictures, ...sliders.map((each) => each.element), bend, layers, words);
  return { element };
}

/** Returns what the two layers make of `x`. */
function through({ first, second, bent }, x) {
  const middle = linear(x, first.matrix, first.bias);
  return linear(bent ? relu(middle) : middle, second.matrix, second.bias);
}

const pair = (values) => `(${values.map((each) => shown(each)).join(", ")})`;

const figure = (picture, words) => make("figure", {}, picture, make("figcaption", {}, words));

function planes() {
  const [input, output] = [plane(REACH), plane(5)];
  const [point, two] = [0, 1].map(() => draw("circle", { r: 7, class: "point" }));
  const one = draw("circle", { r: 12, class: "ring" });
  input.grid.setAttribute("d", gridOf((x) => input.at(x)));
  input.svg.append(point);
  output.svg.append(one, two);
  return { input, output, point, one, two };
}

/** Makes a square picture of a plane from -reach to reach; `at` returns where a point of it is drawn. */
function plane(reach) {
  const size = 240;
  const at = ([x, y]) => [size / 2 * (1 + x / reach), size / 2 * (1 - y / reach)];
  const back = ([x, y]) => [(2 * x / size - 1) * reach, (1 - 2 * y / size) * reach];
  const axes = draw("path", { d: `M0 ${size / 2}H${size}M${size / 2} 0V${size}`, class: "axis" });
  const grid = draw("path", { class: "grid" });
  const svg = draw("svg", { viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true", class: "plane" }, axes, grid);
  return { svg, grid, at, back, size };
}

/** Returns the path of the input's grid lines, as `at` draws each of their points. */
function gridOf(at) {
  const spot = (x) => at(x).map((each) => each.toFixed(1)).join(" ");
  const path = (points) => points.map((x, place) => (place ? "L" : "M") + spot(x)).join("");
  return LINES.flatMap((line) => [path(POINTS.map((each) => [line, each])), path(POINTS.map((each) => [each, line]))]).join("");
}

function place(circle, [x, y]) {
  circle.setAttribute("cx", x);
  circle.setAttribute("cy", y);
}

function drag({ svg, back, size }, move) {
  const to = (event) => {
    const box = svg.getBoundingClientRect();
    const inside = [(event.clientX - box.left) * size / box.width, (event.clientY - box.top) * size / box.height];
    move(back(inside).map((each) => Math.round(each * 20) / 20));
  };
  svg.classList.add("draggable");
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    to(event);
  });
  svg.addEventListener("pointermove", (event) => svg.hasPointerCapture(event.pointerId) && to(event));
}

/** Makes a table of a layer's weights and biases, which can be changed if `changed` is given; `input`: their letter. */
function layer(name, biasName, { matrix, bias }, { changed, input: letter = "x" } = {}) {
  const cell = (row, unit, label) => {
    if (!changed) return make("td", { class: "number" }, shown(row[unit]));
    const input = make("input", { type: "number", step: 0.5, min: -3, max: 3, value: row[unit], "aria-label": label });
    input.addEventListener("input", () => {
      if (!input.validity.valid || input.value === "") return;
      row[unit] = Number(input.value);
      changed();
    });
    return make("td", {}, input);
  };
  const line = (row, head, own) => make("tr", {}, make("th", { scope: "row" }, head),
    ...row.map((_value, unit) => cell(row, unit, `${own} ${head}, ${unit + 1}`)));
  const rows = [...matrix.map((row, at) => line(row, `${letter}${at + 1}`, name)), line(bias, "b", biasName)];
  return make("table", { class: "layer" }, make("caption", {}, `${name}, ${biasName}`), make("tbody", {}, ...rows));
}
