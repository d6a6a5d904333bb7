/** What the settings come to: the stage's own values, what was changed, and which settings do nothing now. */

import { post } from "./api.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const PATIENCE = 120; // milliseconds after the last change

/** Returns the row of /api/lab's `stages` that is chosen. */
export function chosenStage() {
  const { lab, stage } = store.state;
  return lab.stages.find((each) => each.stage === stage) ?? lab.stages[0];
}

/** Returns the value of each setting, as far as the page knows it before the server has answered. */
export function values() {
  const { configuration, overrides, stage } = store.state;
  const known = configuration?.stage === stage ? configuration.settings : chosenStage().settings;
  return { ...known, ...overrides };
}

/** Returns why a setting does nothing in the network and with the optimizer that are chosen; null if it does. */
export function idleReason(row, now = values()) {
  const { lab } = store.state;
  const label = (name) => lab.settings.find((each) => each.name === name).label;
  if (!row.libraries.includes(chosenStage().library)) return text("idle_library");
  if (row.optimizers.length && !row.optimizers.includes(now.optimizer)) {
    return text("idle_optimizer", { names: row.optimizers.join(", "), optimizer: now.optimizer });
  }
  if (row.hidden_only && !now.hidden.length) return text("idle_hidden");
  return row.needs && !now[row.needs] ? text("idle_needs", { name: label(row.needs) }) : null;
}

/** Returns the overrides to send: without those that do nothing, and with what the stage sets in vain switched off. */
export function applicable() {
  const { lab, overrides } = store.state;
  const own = chosenStage().settings;
  const now = { ...own, ...overrides };
  const sent = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value.length !== 0));
  for (const row of lab.settings.filter((each) => idleReason(each, now))) {
    const inVain = own[row.name] && ["float", "bool"].includes(row.kind) && chosenStage().library === "keras";
    delete sent[row.name];
    if (inVain && row.name !== "learning_rate") sent[row.name] = row.kind === "bool" ? false : 0;
  }
  return sent;
}

/** Changes one setting; undefined, or the stage's own value, takes the change back. */
export function change(name, value) {
  const overrides = { ...store.state.overrides };
  const isOwn = JSON.stringify(value) === JSON.stringify(chosenStage().settings[name]) && name !== "learning_rate";
  if (value === undefined || isOwn) delete overrides[name];
  else overrides[name] = value;
  store.set({ overrides, changed: name });
}

/** Asks the server what the settings come to, soon after they have changed. */
export function configuring() {
  let timer = null;
  let asked = 0;
  async function ask() {
    const number = ++asked;
    const { stage } = store.state;
    try {
      const configuration = await post("/api/configurations", { stage, overrides: applicable() });
      if (number === asked) store.set({ configuration, refused: null });
    } catch (refused) {
      if (number === asked) store.set({ refused });
    }
  }
  store.watch(["stage", "overrides", "language"], () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PATIENCE);
  });
}
