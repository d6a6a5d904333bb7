/** The runs in the lab's folder, those of the command line among them: shown, compared, and asked. */

import { get } from "./api.js";
import { make, notice } from "./dom.js";
import { addGhost, follow } from "./follow.js";
import { isActive } from "./machine.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const MOST_SHOWN = 30;
const SECONDS_BETWEEN = 30; // looks for runs that were begun elsewhere
const COLUMNS = ["run", "stage", "status", "validation_accuracy", "validation_loss", "changed_settings"];

/** Builds the list, which is renewed when a run ends. */
export function runs() {
  const table = make("table", { "data-testid": "runs" });
  document.getElementById("runs").append(make("div", { class: "wide" }, table));
  const renew = async () => {
    const rows = await get("/api/runs").catch(() => null);
    if (rows && JSON.stringify(rows) !== JSON.stringify(store.state.runs)) store.set({ runs: rows });
  };
  store.watch(["ended", "language"], renew);
  setInterval(() => document.hidden || renew(), SECONDS_BETWEEN * 1000);
  store.watch(["runs", "run", "language", "state"], ({ runs: rows = [] }) => {
    const head = make(
      "tr",
      {},
      ...COLUMNS.map((key) => make("th", { scope: "col" }, text(key))),
      make("th", { scope: "col" }, text("do")),
    );
    const shown = rows.slice(-MOST_SHOWN).reverse();
    table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...shown.map(rowOf)));
  });
}

/** Returns the settings of a run that differ from its stage's, in words. */
export function changesOf(row) {
  return Object.entries(row.overrides ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function rowOf(row) {
  const { run: current, state } = store.state;
  const changed = changesOf(row);
  const figure = (value, shown) => (value === undefined || value === null ? "–" : shown(value));
  const cells = [
    row.name ? `${row.name} (${row.run})` : row.run,
    row.stage ?? "–",
    text(`status_${row.status}`),
    figure(row.validation?.accuracy, (value) => `${(100 * value).toFixed(1)} %`),
    figure(row.validation?.loss, (value) => value.toFixed(4)),
    changed,
  ];
  const doing = (key, onclick, disabled) =>
    make(
      "button",
      { type: "button", class: "small", onclick, disabled, "aria-label": `${text(key)}: ${row.run}` },
      text(key),
    );
  const isCurrent = row.run === current;
  const hasCurves = !["damaged"].includes(row.status);
  const actions = make(
    "td",
    { class: "row" },
    doing(
      "show_run",
      () => follow(row.run, { library: row.stage === "sgd" ? "scikit-learn" : "keras" }),
      isCurrent || !hasCurves || isActive(state),
    ),
    doing("ghost_run", () => compare(row), isCurrent || !hasCurves),
    doing("ask_run", () => store.set({ model: row.run }), !row.validation),
  );
  return make("tr", { class: isCurrent ? "current" : "" }, ...cells.map((cell) => make("td", {}, cell)), actions);
}

async function compare(row) {
  try {
    const { history } = await get(`/api/runs/${row.run}`);
    addGhost(row.run, history);
    if (!history.length) notice(text("no_epochs"));
  } catch (error) {
    notice(error.message, true);
  }
}
