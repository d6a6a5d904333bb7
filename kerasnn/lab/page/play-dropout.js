/** A dropout mask on the hidden outputs of the current picture, drawn as often as one likes. */

import { argmax, drawMask, linear, masked, softmax, total } from "./arithmetic.js";
import { draw, make } from "./dom.js";
import { button, shares, shown, slider, tick } from "./play.js";
import { text } from "./texts.js";

const MANY = 100;
const ACROSS = 20; // units in a row

/** Makes the plaything. `saved`: the `rate`, whether the rest is `scaled`, the last `mask`, and the `sums` of all. */
export function play(saved) {
  Object.assign(saved, { rate: 0.3, scaled: true, mask: null, sums: [], ...saved });
  const toy = { saved, numbers: null, element: make("div", {}), words: make("p", { class: "formula", role: "status" }) };
  return { element: toy.element, take: (found) => take(toy, found) };
}

function take(toy, found) {
  const { saved, numbers } = toy;
  const isNew = found.names.join() !== numbers?.names.join() || found.units.length !== numbers.units.length;
  toy.numbers = found;
  if (isNew) build(toy);
  const fits = saved.mask?.length === found.units.length;
  saved.sums = fits ? [total(passed(toy))] : [];
  if (fits) show(toy);
  else again(toy, 1);
}

const passed = ({ saved, numbers }) => masked(numbers.units, saved.mask, saved.rate, saved.scaled);

/** Draws `count` masks, and shows the last one. */
function again(toy, count) {
  const { saved, numbers } = toy;
  for (let time = 0; time < count; time += 1) {
    saved.mask = drawMask(numbers.units.length, saved.rate);
    saved.sums.push(total(passed(toy)));
  }
  show(toy);
}

function build(toy) {
  const { saved, numbers } = toy;
  const change = (name) => (value) => {
    Object.assign(saved, { [name]: value, sums: [] });
    again(toy, 1);
  };
  const percent = (value) => `${Math.round(100 * value)}%`;
  const limits = { low: 0, high: 0.9, step: 0.05, value: saved.rate, write: percent };
  const rate = slider(text("play_dropout_rate"), limits, change("rate"));
  const scaled = tick(text("play_dropout_scaled"), saved.scaled, change("scaled"));
  const one = button(text("play_dropout_draw"), () => again(toy, 1), { class: "primary" });
  const many = button(text("play_dropout_many", { count: MANY }), () => again(toy, MANY));
  Object.assign(toy, { without: shares(numbers.names), with: shares(numbers.names), cells: cells(numbers.units.length) });
  const side = (title, bars) => make("div", {}, make("h5", {}, title), bars.element);
  const sides = [side(text("play_dropout_without"), toy.without), side(text("play_dropout_with"), toy.with)];
  const figure = make("figure", {}, toy.cells.svg, make("figcaption", {}, text("play_dropout_cells")));
  toy.element.replaceChildren(rate.element, scaled, make("div", { class: "row" }, one, many), figure, toy.words,
    make("div", { class: "two" }, ...sides));
}

function show(toy) {
  const { saved, numbers, words } = toy;
  const outputs = passed(toy);
  paint(toy.cells, numbers.units, saved.mask);
  const probabilities = softmax(linear(outputs, numbers.kernel, numbers.bias));
  toy.without.draw(numbers.probabilities, argmax(numbers.probabilities));
  toy.with.draw(probabilities, argmax(probabilities));
  words.textContent = text("play_dropout_sums", {
    kept: saved.mask.filter(Boolean).length, count: saved.mask.length, whole: shown(total(numbers.units)),
    sum: shown(total(outputs)), draws: saved.sums.length, mean: shown(total(saved.sums) / saved.sums.length),
  });
}

function cells(count) {
  const rows = Math.ceil(count / ACROSS);
  const squares = Array.from({ length: count }, (_each, place) => {
    const [x, y] = [12 * (place % ACROSS), 12 * Math.floor(place / ACROSS)];
    const square = draw("rect", { x: x + 1, y: y + 1, width: 10, height: 10, class: "unit" });
    const cross = draw("path", { d: `M${x + 2} ${y + 2}l8 8m0 -8l-8 8`, class: "cross" });
    return { square, cross };
  });
  const drawn = squares.flatMap(({ square, cross }) => [square, cross]);
  const width = 12 * Math.min(ACROSS, count);
  return { svg: draw("svg", { viewBox: `0 0 ${width} ${12 * rows}`, class: "cells", "aria-hidden": "true" }, ...drawn), squares };
}

function paint({ squares }, units, mask) {
  const largest = Math.max(...units.map(Math.abs)) || 1;
  squares.forEach(({ square, cross }, place) => {
    square.style.fillOpacity = Math.abs(units[place]) / largest;
    cross.style.display = mask[place] ? "none" : "";
  });
}
