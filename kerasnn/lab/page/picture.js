/** The user's own picture, and what the network answers. */

import { answers } from "./answers.js";
import { again, ask } from "./asking.js";
import { make } from "./dom.js";
import { canvas, drawGrey } from "./images.js";
import { drawingPad } from "./pad.js";
import { sources } from "./sources.js";
import { store } from "./store.js";
import { text } from "./texts.js";
import { refreshing } from "./watching.js";

let take = () => {};

/** Makes an image of the data set the user's picture: `{ pixels, shape, truth }`. */
export function takePicture(picture) {
  take(picture);
  document.getElementById("picture").scrollIntoView({ block: "nearest" });
}

/** Builds the part. */
export function picture() {
  const section = document.getElementById("picture");
  const given = figure("as-given", canvas("given", { hidden: true }));
  const seen = figure("as-seen", canvas("seen"));
  const truth = make("p", { class: "truth quiet", role: "status" });
  const sentences = make("ul", { class: "sentences quiet" });
  const pad = drawingPad((empty) => {
    given.element.hidden = true;
    truth.textContent = "";
    if (!empty) return ask(pad.blob);
    ask(null);
    return store.set({ answer: null, pixels: null });
  });
  let known = null; // the true class
  const name = () => { truth.textContent = known === null ? "" : text("truth", { name: store.state.answer?.class_names[known] ?? "" }); };
  take = async (picture) => {
    pad.blank();
    known = picture.truth ?? null;
    await showGiven(given, picture);
    ask(() => picture.blob ?? picture.pixels);
  };
  store.watch(["answer"], ({ answer, lab }) => {
    seen.element.hidden = !answer;
    sentences.replaceChildren(...(answer?.sentences ?? []).map((each) => make("li", {}, each)));
    if (answer) drawGrey(seen.image, answer.seen, lab.dataset.shape);
    name();
  });
  seen.element.hidden = given.element.hidden = true;
  section.append(make("div", { class: "drawn" }, pad.element, sources(section, take)),
    make("div", { class: "shown" }, make("div", { class: "row" }, given.element, seen.element, truth), sentences), ...answers());
  store.watch(["model", "inspected", "language"], again);
  refreshing(section, ["weights"], 0.2, again);
}

function figure(key, image) {
  const caption = make("figcaption");
  store.watch(["language"], () => { caption.textContent = text(key); });
  return { image, element: make("figure", {}, image, caption) };
}

async function showGiven(given, { blob, pixels, shape }) {
  given.element.hidden = given.image.hidden = false;
  if (pixels) return drawGrey(given.image, pixels, shape);
  const side = 224;
  Object.assign(given.image, { width: side, height: side });
  try {
    const bitmap = await createImageBitmap(blob);
    const scale = side / Math.max(bitmap.width, bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    given.image.getContext("2d").drawImage(bitmap, (side - width) / 2, (side - height) / 2, width, height);
  } catch {
    given.element.hidden = true; // the browser cannot draw it; the server may read it all the same
  }
}
