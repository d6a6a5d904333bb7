/** The state in the address, so that a link, a reload and the back button bring back all that is set. */

import { store } from "./store.js";
import { TABS } from "./tabs.js";
import { speak } from "./speak.js";

const NAMES = ["stage", "model", "run", "language", "theme", "tab"];
let written = "";
let restored = false;

const LANGUAGES = ["en", "ko"];

/** Returns the language that the address names; null if none that the page speaks. */
export function languageInAddress() {
  const language = new URLSearchParams(location.hash.slice(1)).get("language");
  return LANGUAGES.includes(language) ? language : null;
}

/** Keeps address and store alike from the first answer of the server on. */
export function addressing() {
  store.watch(["language"], () => {
    if (!restored) restore();
    restored = true;
    write();
  });
  store.watch(["stage", "overrides", "model", "run", "theme", "tab"], () => restored && write());
  window.addEventListener("popstate", async () => {
    written = location.hash;
    restored = false; // nothing is written until all is read
    const language = languageInAddress();
    if (language && language !== store.state.language) await speak(language);
    if (!restored) restore();
    restored = true;
    write();
  });
}

function restore() {
  const { lab } = store.state;
  const given = new URLSearchParams(location.hash.slice(1));
  const overrides = {};
  for (const row of lab.settings) if (given.has(row.name)) overrides[row.name] = parsed(row, given.get(row.name));
  const stage = lab.stages.some((each) => each.stage === given.get("stage")) ? given.get("stage") : store.state.stage;
  const theme = given.get("theme") ?? store.state.theme;
  const tab = TABS.includes(given.get("tab")) ? given.get("tab") : store.state.tab;
  store.set({ stage, overrides, theme, tab, model: given.get("model") ?? stage, run: given.get("run") });
}

function parsed(row, word) {
  if (row.several) return word.split(",").filter(Boolean).map(Number);
  if (row.kind === "bool") return word === "true";
  return row.kind === "str" || word.trim() === "" || Number.isNaN(Number(word)) ? word : Number(word);
}

function write() {
  const { state } = store;
  const said = new URLSearchParams(NAMES.filter((name) => state[name]).map((name) => [name, state[name]]));
  for (const [name, value] of Object.entries(state.overrides)) said.set(name, String(value));
  const address = `#${said}`;
  if (address === written) return;
  const before = new URLSearchParams(written.slice(1));
  const goesOn = ["stage", "run"].some((name) => before.get(name) !== said.get(name));
  history[written && goesOn ? "pushState" : "replaceState"](null, "", location.pathname + address);
  written = address;
}
