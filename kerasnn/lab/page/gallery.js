/** Validation images, each a button that makes it the user's own picture. */

import { getBytes } from "./api.js";
import { make } from "./dom.js";
import { canvas, drawGrey } from "./images.js";
import { takePicture } from "./picture.js";
import { store } from "./store.js";

const known = new Map(); // number to { pixels, shape, truth }
const MOST_KNOWN = 2000;

/** Returns the validation images of these numbers. */
export async function images(numbers) {
  const missing = numbers.filter((each) => !known.has(each));
  if (known.size > MOST_KNOWN) known.clear();
  if (missing.length) {
    const { about, bytes } = await getBytes("/api/images/validation", { at: missing.join(",") });
    const size = about.shape[0] * about.shape[1];
    missing.forEach((number, place) => {
      known.set(number, { pixels: [...bytes.subarray(place * size, (place + 1) * size)], shape: about.shape, truth: about.labels[place] });
    });
  }
  return numbers.map((each) => known.get(each));
}

/** Returns a button for each image; `caption(place, image)` is the words below it. */
export async function pictureButtons(numbers, caption) {
  return (await images(numbers)).map((image, place) => {
    const face = canvas("small");
    drawGrey(face, image.pixels, image.shape);
    const words = caption(place, image);
    const name = [store.state.lab.dataset.class_names[image.truth], words].filter(Boolean).join(": ");
    const about = { type: "button", class: "image", title: name, "aria-label": name, onclick: () => takePicture(image) };
    return make("button", about, face, make("span", {}, words));
  });
}
