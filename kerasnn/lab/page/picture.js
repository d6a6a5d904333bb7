/** The user's own picture, and what the network answers. */

import { answers } from "./answers.js";
import { again, ask, explainPixels } from "./asking.js";
import { make } from "./dom.js";
import { canvas, drawGrey } from "./images.js";
import { drawingPad } from "./pad.js";
import { sources, testImage } from "./sources.js";
import { store } from "./store.js";
import { text } from "./texts.js";
import { refreshing } from "./watching.js";

let take = () => {};
let turns = 0; // pictures so far: one that takes long to come does not replace a later one

/** Makes an image of the data set the user's picture: `{ pixels, shape, truth }`. */
export function takePicture(picture) {
  take(picture);
  document.getElementById("picture").scrollIntoView({ block: "nearest" });
}

/** Builds the part; it begins with the first test image. */
export function picture() {
  const section = document.getElementById("picture");
  const seen = figure("as-seen", canvas("seen"));
  const truth = make("p", { class: "truth quiet", role: "status" });
  const sentences = make("ul", { class: "sentences quiet" });
  let known = null; // the true class
  const name = () => { truth.textContent = known === null ? "" : text("truth", { name: store.state.lab.dataset.class_names[known] }); };
  const pad = drawingPad((empty) => {
    turns += 1;
    known = null;
    name();
    if (!empty) return ask(pad.blob);
    ask(null);
    return store.set({ answer: null, pixels: null });
  });
  take = async (coming) => {
    const turn = ++turns;
    const given = await coming;
    const image = await imageOf(given);
    if (turn !== turns) return;
    known = given.truth ?? null;
    pad.shows(image);
    ask(() => given.blob ?? given.pixels);
  };
  store.watch(["answer", "language"], ({ answer, lab }) => {
    seen.element.classList.toggle("none", !answer);
    sentences.replaceChildren(...(answer?.sentences ?? []).map((each) => make("li", {}, each)));
    if (answer) drawGrey(seen.image, answer.seen, lab.dataset.shape);
    name();
  });
  const { tools, video } = sources(section, take);
  pad.frame.append(...[video].filter(Boolean));
  const { bars, hidden, effects, note } = answers(explainPixels);
  section.append(
    make("div", { class: "head" }, section.firstElementChild, truth),
    make("div", { class: "shown" }, pad.frame, make("div", { class: "looked" }, seen.element, effects)),
    make("div", { class: "row tools" }, ...pad.tools, ...tools), bars, sentences, hidden, note);
  store.watch(["model", "inspected", "language"], again);
  refreshing(section, ["weights"], 0.2, again);
  let begun = false;
  store.watch(["language"], () => begun || (begun = true, take(testImage(0))));
}

function figure(key, image) {
  const caption = make("figcaption");
  store.watch(["language"], () => { caption.textContent = text(key); });
  return { image, element: make("figure", {}, image, caption) };
}

/** Returns what the pad can show of a picture; null if the browser cannot read it, though the server may. */
async function imageOf({ blob, pixels, shape }) {
  if (blob) return createImageBitmap(blob).catch(() => null);
  const image = canvas("given");
  drawGrey(image, pixels, shape);
  return image;
}
