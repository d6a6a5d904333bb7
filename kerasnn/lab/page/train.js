/** The buttons of a training, and what it is doing. */

import { get } from "./api.js";
import { make } from "./dom.js";
import { bestOf } from "./curves.js";
import { begin, command, forget } from "./follow.js";
import { chosenStage } from "./hyperparameters.js";
import { can, ENDS, isActive } from "./machine.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const SYMBOLS = { train: "▶", pause: "‖", continue: "▷", epoch: "»", batch: "›", stop: "■", reset: "↺", inspect: "◉" };
const ELSE = { pause: false, continue: true }; // one place for both: whether it is shown while paused
const TEST_IDS = { epoch: "one-epoch", batch: "one-batch" }; // "epoch" is the number of epochs done
const SECONDS_BETWEEN = 1; // looks at the queue while the training waits

/** Builds the buttons and the line of figures in the section of the training. */
export function training() {
  const buttons = Object.entries(SYMBOLS).map(([action, symbol]) => {
    const name = make("span", {});
    const button = make("button", {
      type: "button",
      "data-testid": TEST_IDS[action] ?? action,
      class: action,
      onclick: () => act(action),
    });
    button.append(make("span", { "aria-hidden": "true" }, symbol), " ", name);
    return { action, button, name };
  });
  const figures = make("dl", { id: "figures" });
  const doing = make("span", { id: "doing", role: "status" });
  const within = make("span", { class: "quiet" });
  const keys = make("p", { class: "quiet keys" });
  const row = make("div", { class: "row", id: "buttons" }, ...buttons.map((each) => each.button));
  const bar = make("progress", { "data-label": "progress", max: 1, value: 0 });
  const section = document.getElementById("training");
  const state = make("p", { id: "state" }, doing, " ", within);
  section.append(make("div", { class: "head" }, section.firstElementChild, state), row, bar, figures);
  document.querySelector("#settings details").append(keys);
  const show = () => {
    for (const { action, button, name } of buttons) {
      name.textContent = text(`do_${action}`);
      button.disabled = !able(action);
      if (action in ELSE) button.hidden = (store.state.state === "paused") !== ELSE[action];
    }
    keys.textContent = text("keys");
    if (doing.textContent !== doingNow()) doing.textContent = doingNow(); // what is set again is read out again
    within.textContent = withinEpoch();
    bar.value = done();
    showFigures(figures);
  };
  const shown = [
    "language",
    "state",
    "refused",
    "stage",
    "history",
    "progress",
    "run",
    "epochs",
    "queue",
    "configuration",
  ];
  store.watch(shown, show);
  document.addEventListener("keydown", pressed);
  setInterval(lookAtQueue, SECONDS_BETWEEN * 1000);
}

function able(action) {
  const { state, refused, library } = store.state;
  return can(action, { state, refused, library: isActive(state) ? library : chosenStage().library });
}

function act(action) {
  if (!able(action)) return;
  if (action === "train") begin();
  else if (action === "inspect") begin({ paused: true });
  else if (action === "reset") forget();
  else if (["epoch", "batch"].includes(action) && !isActive(store.state.state))
    begin({ paused: true, pending: action });
  else command(action);
}

/** Enter trains, also from a setting; the space bar pauses and continues where nothing else takes it. */
function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !store.state.lab) return;
  const isFree = event.target === document.body;
  const isSetting = event.target.matches?.("#settings input");
  if (event.key === "Enter" && (isFree || isSetting)) act("train");
  else if (event.key === " " && isFree) {
    event.preventDefault();
    act(["pause", "continue"].find(able) ?? "");
  }
}

async function lookAtQueue() {
  const { state, lab } = store.state;
  if (!lab || (state !== "queued" && (lab.ready || document.hidden))) return;
  const queue = await get("/api/queue").catch(() => null);
  if (!queue) return;
  lab.ready = queue.ready || queue.current !== null;
  store.set({ queue });
}

function doingNow() {
  const { state, queue, lab, run } = store.state;
  if (queue?.fault) return queue.fault;
  if (["idle", "queued"].includes(state) && !lab.ready) return text("warming");
  const place = (queue?.waiting.indexOf(run) ?? -1) + 1;
  if (state === "queued") return place ? text("doing_queued", { place }) : text("doing_waiting");
  return text(`doing_${state}`);
}

function withinEpoch() {
  const { state, lab, progress, epochs, history } = store.state;
  if (!epochs || !["running", "paused", "stopping"].includes(state)) return "";
  const within = { epoch: progress?.epoch ?? Math.min(history.length + 1, epochs), epochs };
  within.seen = (progress?.seen ?? 0).toLocaleString();
  within.images = (progress?.images ?? lab.dataset.train).toLocaleString();
  return text("doing_epoch", within);
}

/** Returns which share of all epochs is done. */
function done() {
  const { history, progress, epochs, state } = store.state;
  if (ENDS.includes(state)) return 1;
  const within = progress ? progress.epoch - 1 + progress.seen / progress.images : history.length;
  return epochs ? within / epochs : 0;
}

function showFigures(place) {
  const { history, epochs, progress, configuration } = store.state;
  const last = history.at(-1);
  const share = (value) => (value === undefined ? "–" : `${(100 * value).toFixed(1)} %`);
  const loss = (value) => (value === undefined ? "–" : value.toFixed(4));
  const figure = (name, value, more = {}) => [make("dt", {}, text(name)), make("dd", more, value)];
  const of = epochs ?? configuration?.settings.epochs ?? "";
  const best = bestOf(history);
  const count = make("span", { "data-testid": "epoch" }, String(history.length));
  const rows = [
    [make("dt", {}, text("epochs_done")), make("dd", {}, count, ` / ${of}`)],
    figure("training_loss", loss(progress?.loss ?? last?.loss)),
    figure("validation_loss", loss(last?.val_loss)),
    figure("training_accuracy", share(last?.accuracy)),
    figure("validation_accuracy", share(last?.val_accuracy)),
    figure("curve_best", best ? `★ ${best.epoch}` : "–", { class: "best" }),
    figure("seconds_per_epoch", last?.seconds ? text("seconds", { seconds: last.seconds.toFixed(1) }) : "–"),
  ];
  place.replaceChildren(...rows.map((row) => make("div", {}, ...row)));
}
