/** A stage of the lecture: a guess before the training, and afterwards what came out. */

import { get } from "./api.js";
import { make } from "./dom.js";
import { button, shown, slider } from "./play.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const ENDS = ["done", "stopped", "failed"];
const draft = { right: 50, epoch: Infinity }; // what the controls show
let waitingFor = null; // the run that the last guess went with

/** Calls `compared` when a training ends that somebody has guessed at. */
export function watchGuesses(compared) {
  store.watch(["run"], ({ guess, run }) => {
    if (!guess || !run) return;
    waitingFor = run;
    store.set({ guess: null }); // it went with this training
  });
  store.watch(["state"], ({ state, run }) => {
    if (run !== waitingFor || !ENDS.includes(state)) return;
    waitingFor = null;
    compared();
  });
}

/** Makes the panel of a stage. `titleOf` returns the title of another one. */
export function stageStop(stop, titleOf) {
  const past = make("div", { class: "guesses", "data-testid": "guesses" });
  const before = stop.compared_with
    ? make("p", { class: "note" }, text("lesson_compared", { stage: titleOf(stop.compared_with) }))
    : null;
  const form = make("div", {});
  const noted = make("p", { class: "noted", role: "status" });
  const build = () => {
    const focused = form.contains(document.activeElement) ? document.activeElement.dataset.testid : undefined;
    form.replaceChildren(...controls(stop));
    noted.textContent = said(store.state.guess);
    if (focused) form.querySelector(`[data-testid="${focused}"]`)?.focus();
  };
  build();
  overview(past);
  const basis = () => ({ epochs: most(stop), guess: store.state.guess });
  let known = basis();
  const changed = () => {
    const now = basis();
    if (now.epochs !== known.epochs || now.guess !== known.guess) build();
    known = now;
  };
  const element = make("div", {}, make("p", { class: "lead" }, stop.says), before, form, noted, past);
  return { element, changed, compared: () => overview(past, true) };
}

const most = (stop) => (store.state.stage === stop.name && store.state.overrides.epochs) || stop.epochs;

function controls(stop) {
  const whole = (value) => shown(value, 0);
  draft.epoch = draft.epoch <= most(stop) ? draft.epoch : Math.ceil(most(stop) / 2);
  const right = slider(text("guess_accuracy"), { low: 0, high: 100, step: 1, value: draft.right, write: whole },
    (value) => (draft.right = value));
  const epoch = slider(text("guess_epoch"), { low: 1, high: most(stop), step: 1, value: draft.epoch, write: whole },
    (value) => (draft.epoch = value));
  const countsEpochs = stop.library === "keras";
  const go = button(text("guess_go"), () => document.querySelector('[data-testid="train"]')?.focus(), { hidden: !store.state.guess });
  const set = button(text("guess_set"), () => {
    const epoch = countsEpochs ? { best_epoch: draft.epoch } : {};
    store.set({ guess: { accuracy: draft.right / 100, ...epoch }, stage: stop.name });
  }, { class: "primary", "data-testid": "guess" });
  right.input.dataset.testid = "guess-accuracy";
  epoch.input.dataset.testid = "guess-epoch";
  const asked = [right.element, countsEpochs ? epoch.element : null];
  return [make("h4", {}, text("guess_title")), ...asked.filter(Boolean), make("div", { class: "row" }, set, go)];
}

/** Says what guess will go with the next training. */
function said(guess) {
  if (!guess) return "";
  const values = { right: Math.round(100 * guess.accuracy), epoch: guess.best_epoch };
  return text(guess.best_epoch ? "guess_noted_both" : "guess_noted", values);
}

/** Shows the earlier guesses beside what came out; `fresh`: the newest training has just ended. */
async function overview(place, fresh = false) {
  const { guesses } = await get("/api/guesses");
  if (!guesses.length) {
    place.replaceChildren();
    return;
  }
  const newest = fresh && guesses[0].outcome ? make("p", { class: "came", role: "status" }, came(guesses[0])) : null;
  const head = ["stage", "right", "came", "epoch", "came"].map((name) =>
    make("th", { scope: "col" }, text(`guess_column_${name}`)));
  const table = make("table", {}, make("caption", {}, text("guess_past")),
    make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...guesses.map(row)));
  const region = { class: "table", role: "region", tabindex: 0, "aria-label": text("guess_past") };
  place.replaceChildren(...[newest, make("div", region, table)].filter(Boolean));
}

function came({ stage, guess, outcome }) {
  const values = { stage, guess: ofHundred(guess.accuracy), came: ofHundred(outcome.accuracy) };
  const said = guess.accuracy === null ? "" : text("guess_came", values);
  if (guess.best_epoch === null || outcome.best_epoch === null) return said;
  return `${said} ${text("guess_came_epoch", { guess: guess.best_epoch, came: outcome.best_epoch })}`.trim();
}

const ofHundred = (share) => (share === null || share === undefined ? "–" : shown(100 * share, share * 100 % 1 ? 1 : 0));

function row({ run, stage, guess, outcome }) {
  const cells = [ofHundred(guess.accuracy), ofHundred(outcome?.accuracy), guess.best_epoch ?? "–",
                 outcome?.best_epoch ?? "–"];
  const name = make("th", { scope: "row", title: run }, stage ?? run);
  return make("tr", {}, name, ...cells.map((each) => make("td", { class: "number" }, String(each))));
}
