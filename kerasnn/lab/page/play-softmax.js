/** Softmax with a slider for each z, and beside it the sigmoid of each z alone. */

import { argmax, sigmoid, softmax, total } from "./arithmetic.js";
import { make } from "./dom.js";
import { button, shares, shown, slider } from "./play.js";
import { text } from "./texts.js";

/** Makes the plaything. `saved.z`: what the user has set, null shows the picture's own; `more`: added to every z. */
export function play(saved) {
  Object.assign(saved, { z: null, more: 0, ...saved });
  const element = make("div", {});
  let numbers = null;
  let sliders = [];
  let [together, alone] = [null, null];
  const words = make("p", { class: "formula", role: "status" });

  const draw = () => {
    const z = (saved.z ?? numbers.z).map((each) => each + saved.more);
    const probabilities = softmax(z);
    together.draw(probabilities, argmax(z));
    alone.draw(sigmoid(z), argmax(z));
    const best = argmax(z);
    const sums = { sum: shown(total(probabilities), 4), other: shown(total(sigmoid(z)), 4) };
    const values = { name: numbers.names[best], z: shown(z[best]), ...sums };
    words.textContent = text("play_softmax_sum", values);
  };
  const set = (z) => {
    saved.z = z;
    sliders.forEach((each, place) => each.set((z ?? numbers.z)[place]));
    draw();
  };
  const moved = (place) => (value) => {
    saved.z = (saved.z ?? numbers.z).with(place, value);
    draw();
  };

  const build = () => {
    const reach = Math.ceil(Math.max(10, ...numbers.z.map(Math.abs), ...(saved.z ?? []).map(Math.abs))) + 2;
    const limits = { low: -reach, high: reach, step: 0.01 };
    sliders = numbers.names.map((name, place) =>
      slider(`z, ${name}`, { ...limits, value: (saved.z ?? numbers.z)[place] }, moved(place)));
    [together, alone] = [shares(numbers.names), shares(numbers.names)];
    const actions = [
      button(text("play_softmax_own"), () => set(null)),
      button(text("play_softmax_zero"), () => set(numbers.z.map(() => 0))),
    ];
    const more = slider(text("play_softmax_more"), { low: -100, high: 100, step: 1, value: saved.more }, (value) => {
      saved.more = value;
      draw();
    });
    const columns = make("div", { class: "two" }, make("div", {}, ...sliders.map((each) => each.element), more.element),
      make("div", {}, make("h5", {}, "softmax(z)"), together.element, make("h5", {}, "sigmoid(z)"), alone.element));
    element.replaceChildren(columns, make("div", { class: "row" }, ...actions), words);
  };

  const take = (found) => {
    const isNew = found.names.join() !== numbers?.names.join();
    numbers = found;
    if (isNew && saved.z?.length !== found.z.length) saved.z = null;
    if (isNew) build();
    if (!saved.z) set(null);
    else draw();
  };
  return { element, take };
}
