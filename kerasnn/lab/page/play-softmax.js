/** Softmax with a slider for each z, and beside it the sigmoid of each z alone. */

import { argmax, sigmoid, softmax, total } from "./arithmetic.js";
import { make } from "./dom.js";
import { button, shares, shown, slider } from "./play.js";
import { text } from "./texts.js";

/** Makes the plaything. `saved.z`: what the user has set, null shows the picture's own; `more`: added to every z. */
export function play(saved) {
  Object.assign(saved, { z: null, more: 0, ...saved });
  const toy = { saved, numbers: null, element: make("div", {}), words: make("p", { class: "formula", role: "status" }) };
  return { element: toy.element, take: (found) => take(toy, found) };
}

function take(toy, found) {
  const isNew = found.names.join() !== toy.numbers?.names.join();
  toy.numbers = found;
  if (toy.saved.z?.length !== found.z.length) toy.saved.z = null;
  if (isNew) build(toy);
  set(toy, toy.saved.z);
}

function build(toy) {
  const { saved, numbers } = toy;
  const reach = Math.ceil(Math.max(10, ...numbers.z.map(Math.abs))) + 2;
  toy.sliders = numbers.names.map((name, place) => {
    const limits = { low: -reach, high: reach, step: 0.01, value: numbers.z[place] };
    return slider(`z, ${name}`, limits, (value) => {
      saved.z = (saved.z ?? toy.numbers.z).with(place, value);
      show(toy);
    });
  });
  const more = slider(text("play_softmax_more"), { low: -100, high: 100, step: 1, value: saved.more }, (value) => {
    saved.more = value;
    show(toy);
  });
  [toy.together, toy.alone] = [shares(numbers.names), shares(numbers.names)];
  const left = make("div", {}, ...toy.sliders.map((each) => each.element), more.element);
  const right = make("div", {}, make("h5", {}, "softmax(z)"), toy.together.element,
    make("h5", {}, "sigmoid(z)"), toy.alone.element);
  const own = button(text("play_softmax_own"), () => set(toy, null));
  const zero = button(text("play_softmax_zero"), () => set(toy, toy.numbers.z.map(() => 0)));
  const row = make("div", { class: "row" }, own, zero);
  toy.element.replaceChildren(make("div", { class: "two" }, left, right), row, toy.words);
}

function set(toy, z) {
  toy.saved.z = z;
  toy.sliders.forEach((each, place) => each.set((z ?? toy.numbers.z)[place]));
  show(toy);
}

function show({ saved, numbers, together, alone, words }) {
  const z = (saved.z ?? numbers.z).map((each) => each + saved.more);
  const [probabilities, sigmoids, best] = [softmax(z), sigmoid(z), argmax(z)];
  together.draw(probabilities, best);
  alone.draw(sigmoids, best);
  const sums = { sum: shown(total(probabilities), 4), other: shown(total(sigmoids), 4) };
  words.textContent = text("play_softmax_sum", { name: numbers.names[best], z: shown(z[best]), ...sums });
}
