/** The curves of loss and accuracy: training and validation, the best epoch, and earlier runs as ghosts. */

import { chart, epochInWords } from "./chart.js";
import { make } from "./dom.js";
import { chosenStage } from "./hyperparameters.js";
import { changesOf } from "./runs.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const CHARTS = [
  { id: "loss-curve", title: "loss", training: "loss", validation: "val_loss", show: (value) => value.toFixed(4) },
  {
    id: "accuracy-curve",
    title: "accuracy",
    training: "accuracy",
    validation: "val_accuracy",
    show: (value) => `${(100 * value).toFixed(1)} %`,
    most: 1,
  },
];

/** Builds both charts, their legend and the list of ghosts in the section of the training. */
export function curves() {
  const charts = CHARTS.map((about) => chart(about, (picked) => store.set({ picked })));
  const legend = make("p", { id: "legend", class: "quiet" });
  const ghosts = make("ul", { id: "ghosts" });
  const values = make("p", { id: "picked", class: "quiet", "aria-hidden": "true" });
  document
    .getElementById("training")
    .append(make("div", { id: "charts" }, ...charts.map((each) => each.element)), values, legend, ghosts);
  const show = () => {
    const about = content();
    for (const each of charts) each.show(about);
    values.textContent = about.epochs.length ? epochInWords(about.picked) : "";
  };
  const showWords = () => {
    legend.replaceChildren(
      ...["training", "validation"].map((part) => make("span", { class: `key ${part}` }, text(`curve_${part}`))),
    );
    legend.append(make("span", { class: "key best" }, text("curve_best")));
    if (chosenStage().history.length) legend.append(make("span", { class: "key reference" }, text("curve_reference")));
    legend.title = text("curve_note");
    ghosts.replaceChildren(...(store.state.ghosts ?? []).map(ghostItem));
  };
  store.watch(["language", "ghosts", "runs", "stage"], showWords);
  store.watch(["language", "history", "progress", "ghosts", "picked", "epochs", "configuration", "stage"], show);
  for (const each of charts) each.resized(show);
}

/** Returns the epoch with the lowest validation loss; null before the first. */
export function bestOf(history) {
  return history.reduce((low, each) => (low && low.val_loss <= each.val_loss ? low : each), null);
}

function content() {
  const { history, progress, ghosts = [], picked, epochs, configuration } = store.state;
  const reference = chosenStage().history;
  const span = Math.max(
    epochs ?? configuration?.settings.epochs ?? 5,
    history.length,
    ...ghosts.map((ghost) => ghost.history.length),
    reference.length,
    2,
  );
  const chosen = history.find((each) => each.epoch === picked) ?? history.at(-1);
  return { epochs: history, progress, ghosts, reference, best: bestOf(history), span, picked: chosen };
}

function ghostItem({ run, history }, index) {
  const row = store.state.runs?.find((each) => each.run === run);
  const named = row ? [row.name || row.stage, changesOf(row)].filter(Boolean).join(", ") : run;
  const lowest = Math.min(...history.map((each) => each.val_loss));
  const title = `${index + 1}: ${named}, ${text("lowest", { loss: lowest.toFixed(4) })}`;
  const remove = () => store.set({ ghosts: store.state.ghosts.filter((ghost) => ghost.run !== run) });
  const button = make(
    "button",
    { type: "button", class: "small", onclick: remove, "aria-label": text("remove_ghost", { run }) },
    "×",
  );
  return make("li", { title: run }, `${title} `, button);
}
