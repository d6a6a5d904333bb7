/** The exported page: a picture, what the network makes of it, and the network inside. */

import { answers } from "./answers.js";
import { make, notice } from "./dom.js";
import { effects, opened, probabilities, responses } from "./forward.js";
import { camera, files } from "./given.js";
import { canvas, drawGrey, useColours } from "./images.js";
import { language } from "./languages.js";
import { drawingPad } from "./pad.js";
import { prepared } from "./prepare.js";
import { store } from "./store.js";
import { text } from "./texts.js";
import { unit } from "./one-unit.js";

// as in kerasnn/views/palette.py
const COLOURS = ["#001540", "#0b3f8c", "#4a6c9c", "#808080", "#b39a5f", "#e6c13d", "#fff6b0"];

const content = (id) => JSON.parse(document.getElementById(id).textContent);
const about = content("about");
const network = opened(about.network, content("weights"));
const NAMED = 10; // classes that the empty pad names
let explained = "answer"; // or a label

/** Answers for the picture that was last prepared. */
function answer() {
  const { pixels, inspected, lab } = store.state;
  if (!pixels || !lab) return store.set({ answer: null });
  const values = probabilities(network, pixels);
  const label = values.indexOf(Math.max(...values));
  const chosen = explained === "answer" ? label : Number(explained);
  const hidden = network.dense.at(-2);
  const { class_names } = lab.dataset;
  const looked = inspected && responses(network, pixels, network.dense[inspected.layer]);
  const at = looked && inspected.unit % looked.z.length; // of a network with one output, both classes point at it
  store.set({ answer: {
    class_names, label, probabilities: values,
    layers: network.dense.map((layer) => layer.options.name),
    units: hidden ? Array.from(responses(network, pixels, hidden).outputs) : [],
    effects: effects(network, pixels, chosen), effects_label: chosen, colours: COLOURS,
    unit: looked && { z: looked.z[at], output: looked.outputs[at] },
  } });
}

/** Shows the network an image, or nothing. */
function see(image) {
  store.set(image ? prepared(image, about) : { pixels: null, notes: [] });
}

/** Builds the pad and its tools. */
function picture() {
  let turns = 0; // strokes and pictures so far: one that takes long to come does not replace a later one
  const pad = drawingPad((empty) => {
    const turn = ++turns;
    requestAnimationFrame(() => turn === turns && see(empty ? null : pad.image())); // once a frame, however fast the pen is
  });
  const take = async ({ blob }) => {
    const turn = ++turns;
    const image = await createImageBitmap(blob, { premultiplyAlpha: "none", colorSpaceConversion: "none" }).catch(() => null);
    notice(image ? "" : text("own-unreadable"), true);
    if (!image || turn !== turns) return;
    pad.shows(image);
    see(image);
  };
  const { buttons, video } = camera(take);
  const hint = make("p", { class: "hint", "aria-hidden": "true" });
  const sentences = make("ul", { class: "sentences quiet", "aria-live": "polite" });
  store.watch(["pixels", "language"], ({ pixels, notes, lab }) => {
    hint.hidden = pixels !== null;
    const names = (lab?.dataset.class_names ?? []).map((each) => each.replaceAll(" ", "\u00a0").replaceAll("-", "\u2011")); // unbroken
    hint.textContent = text("own-hint", { names: [...names.slice(0, NAMED), ...(names.length > NAMED ? ["..."] : [])].join(", ") });
    sentences.replaceChildren(...notes.map((each) => make("li", {}, sentence(each))));
  });
  pad.frame.append(hint, ...[video].filter(Boolean));
  document.getElementById("picture").append(
    pad.frame, make("div", { class: "row tools" }, ...pad.tools, files(document.documentElement, take), ...buttons), sentences);
}

/** Builds what the network answers, and what it has inside. */
function answered() {
  const seen = canvas("seen");
  const caption = make("figcaption");
  const { bars, hidden, effects: explanation, note } = answers((label) => { explained = label; answer(); });
  const looked = make("div", { class: "looked" }, make("figure", {}, seen, caption), explanation);
  note.classList.add("note");
  store.watch(["answer", "language"], ({ answer: found, lab, pixels }) => {
    document.body.classList.toggle("empty", !found);
    caption.textContent = text("as-seen");
    if (found) drawGrey(seen, pixels, lab.dataset.shape);
  });
  document.getElementById("answer").append(bars, looked, note);
  const words = make("p", { class: "note quiet", "data-text": "own-units" });
  document.getElementById("inside").append(hidden, words, unit(network));
}

function sentence({ code, values }) {
  const words = Object.entries(values).map(([name, value]) =>
    [name, Array.isArray(value) ? value.map(sentence).join(", ") : value?.code ? sentence(value) : value]);
  return text(code, Object.fromEntries(words));
}

store.set({ notes: [], language: null }); // so that the first language is a change
picture();
answered();
store.watch(["pixels", "inspected", "lab"], answer);
language(about, network.parameters);
document.documentElement.classList.add("ready");
