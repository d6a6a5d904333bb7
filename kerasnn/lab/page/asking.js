/** Asks the network about the user's picture: one request at a time, and after it the newest picture, if it changed. */

import { LabError, post } from "./api.js";
import { notice } from "./dom.js";
import { store } from "./store.js";

const now = { picture: null, isNew: false, changed: false, flying: false, effects: null };

/** Shows a picture to the network: `picture()` returns its file as a Blob, or its pixels as an array; null for none. */
export function ask(picture) {
  Object.assign(now, { picture, isNew: true });
  again();
}

/** Chooses the class whose pixels are explained: a label, "answer", or null for none. */
export function explainPixels(label) {
  now.effects = label;
  again();
}

/** Asks about the same picture again, for the network or the question may have changed. */
export async function again() {
  now.changed = true;
  if (now.flying || !now.picture || !store.state.lab) return;
  now.flying = true;
  try {
    while (now.changed && now.picture) {
      now.changed = false;
      await once(now.picture);
    }
  } finally {
    now.flying = false;
  }
}

async function once(picture) {
  const content = await picture();
  const { isNew } = now;
  now.isNew = false;
  try {
    const answer = await post("/api/predictions", request(content));
    if (picture === now.picture) store.set({ answer, pixels: answer.seen });
  } catch (error) {
    if (error instanceof LabError && isNew) notice(error.message, true);
    else if (!(error instanceof LabError)) throw error; // no such model yet, no server
  }
}

function request(content) {
  const { model, inspected } = store.state;
  const wishes = { model };
  if (now.effects !== null) wishes.effects = String(now.effects);
  if (inspected) wishes.unit = `${inspected.layer},${inspected.unit}`;
  if (!(content instanceof Blob)) return { ...wishes, pixels: content };
  const form = new FormData();
  for (const [name, value] of Object.entries(wishes)) form.append(name, value);
  form.append("picture", content, "picture.png");
  return form;
}
