/** Follows a training: what the server reports of it becomes the store's state, for all parts of the page. */

import { get, listen, LabError, post } from "./api.js";
import { notice } from "./dom.js";
import { applicable, chosenStage } from "./hyperparameters.js";
import { ENDS, isActive } from "./machine.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const MOST_GHOSTS = 5;
const SECONDS_BETWEEN = 2; // attempts to reach the server again

let followed = null; // {run, end, pending, isAsked}; isAsked: once it answers, the user may choose who answers

/** Follows the run that the address names, from the start of the page on and whenever it changes. */
export function following() {
  store.watch(["run"], ({ run }) => {
    if (run === (followed?.run ?? null)) return;
    if (run) follow(run);
    else forget();
  });
}

/**
 * Begins a training of what is set, or continues the run of `resume`: {resume, more_epochs}.
 * `pending`: what to do once it stands before its first batch.
 */
export async function begin({ paused = false, pending = null, resume = null } = {}) {
  const { stage, guess } = store.state;
  const before = store.state.state;
  store.set({ state: "asking" });
  try {
    const asked = resume ?? { stage, overrides: applicable(), guess: guess ?? undefined };
    const { run } = await post("/api/trainings", { ...asked, paused });
    follow(run, { pending, library: chosenStage().library });
  } catch (error) {
    store.set({ state: before });
    notice([error.message, error.hint].filter(Boolean).join(". "), true);
  }
}

/** Asks for the training that is followed: stop, pause, continue, epoch, batch. */
export async function command(action) {
  if (action === "stop") store.set({ state: "stopping" });
  await post(`/api/trainings/${followed.run}/${action}`).catch((error) => notice(error.message, true));
}

/** Shows a run, which may be going on; the one shown before becomes a ghost in the curves. */
export function follow(run, { pending = null, library = "keras" } = {}) {
  leave();
  notice("");
  followed = { run, pending };
  const ghosts = (store.state.ghosts ?? []).filter((ghost) => ghost.run !== run);
  const about = {
    ghosts,
    run,
    library,
    state: "queued",
    history: [],
    progress: null,
    record: null,
    error: null,
    epochs: null,
  };
  store.set(about);
  followed.end = listen(run, (kind, content) => followed?.run === run && hear(kind, content));
}

/** Forgets the training that is shown; its folder stays. */
export function forget() {
  leave();
  store.set({
    run: null,
    state: "idle",
    history: [],
    progress: null,
    record: null,
    error: null,
    model: store.state.stage,
  });
}

/** Shows the curves of a run behind those of the training that is shown. */
export function addGhost(run, history) {
  const others = (store.state.ghosts ?? []).filter((ghost) => ghost.run !== run);
  if (history.length) store.set({ ghosts: [...others, { run, history }].slice(-MOST_GHOSTS) });
}

function leave() {
  followed?.end?.();
  followed = null;
  const { run, history } = store.state;
  if (run) addGhost(run, history);
}

function hear(kind, content) {
  const { history, weights, library } = store.state;
  const seen = library === "keras" ? { ...answering(), weights: weights + 1 } : {};
  if (kind === "state") hearState(content.state, seen);
  else if (kind === "progress") store.set({ progress: content, epochs: content.epochs, ...seen });
  else if (kind === "epoch") {
    const others = history.filter((each) => each.epoch < content.epoch);
    store.set({ history: [...others, content], epochs: content.epochs, progress: null, ...seen });
  } else if (kind === "notice") notice(content.text);
  else if (kind === "lost") lost();
  else if (ENDS.includes(kind)) ended(kind, content);
}

/** Returns the change that lets the training's network answer, where it has not yet. */
function answering() {
  return followed.isAsked ? {} : { model: followed.run };
}

function hearState(state, seen) {
  const canBeSeen = ["running", "paused"].includes(state);
  if (canBeSeen) followed.isAsked = true;
  store.set({ state: store.state.state === "stopping" ? "stopping" : state, ...(canBeSeen ? seen : {}) });
  if (state === "paused" && followed.pending) {
    command(followed.pending);
    followed.pending = null;
  }
}

function ended(kind, content) {
  const record = content.record ?? content;
  const error = content.error ?? null;
  const lacks = store.state.model === followed.run ? { model: store.state.stage } : {}; // it has saved no model to ask
  const model = record.model ? { ...answering(), weights: store.state.weights + 1 } : lacks;
  const epochs = record.settings?.epochs ?? store.state.epochs;
  store.set({ state: kind, record: record.run ? record : null, error, epochs, progress: null, ...model });
  store.set({ ended: (store.state.ended ?? 0) + 1 });
}

/** Says that the server does not answer, and tries again until it does; one attempt at a time. */
async function lost() {
  const { run } = followed;
  followed.end();
  if (isActive(store.state.state)) store.set({ state: "lost" });
  notice(text("lost"), true);
  setTimeout(() => followed?.run === run && reconnect(run), SECONDS_BETWEEN * 1000);
}

async function reconnect(run) {
  try {
    const queue = await get("/api/queue");
    if (queue.current !== run && !queue.waiting.includes(run)) await get(`/api/runs/${run}`);
  } catch (error) {
    const status = error instanceof LabError ? error.status : null;
    if (status === 404) forget();
    else lost();
    if (status) notice(text(status === 404 ? "no_run" : "restarted", { run }), true);
    return;
  }
  notice("");
  followed.end = listen(run, (kind, content) => followed?.run === run && hear(kind, content));
}
