/** The settings: one control for each hyperparameter that the server names, with its explanation and its limits. */

import { controlFor } from "./controls.js";
import { make } from "./dom.js";
import { change, chosenStage, idleReason, values } from "./hyperparameters.js";
import { store } from "./store.js";
import { text } from "./texts.js";

/** Builds the settings in their section. */
export function settings() {
  const place = make("div", { id: "setting-rows" });
  const section = document.getElementById("settings");
  const summary = make("summary", {}, section.firstElementChild);
  const isWide = matchMedia("(min-width: 720px)").matches;
  section.append(make("details", { open: isWide }, summary, place));
  let rows = [];
  const show = () => rows.forEach((row) => row.show());
  store.watch(["language"], () => {
    rows = store.state.lab.settings.map(settingRow);
    place.replaceChildren(...rows.map((row) => row.element), resetAll());
    show();
  });
  store.watch(["stage", "overrides", "configuration", "refused"], show);
}

function resetAll() {
  const reset = () => store.set({ overrides: {} });
  const button = make("button", { type: "button", id: "reset-settings", onclick: reset }, text("reset_settings"));
  return make("p", { class: "row" }, button);
}

function settingRow(row) {
  const id = `control-${row.name}`;
  const control = controlFor(row, id, (value) => change(row.name, value));
  const label = make("label", { for: id }, row.label);
  const reset = make(
    "button",
    {
      type: "button",
      class: "reset",
      onclick: () => change(row.name),
      "aria-label": text("reset_one", { name: row.label }),
    },
    "↺",
  );
  const why = make("span", { class: "why" });
  const limits = row.limits ? make("span", {}, text("expected", { what: row.limits })) : null;
  const help = make("p", { class: "help", id: `help-${row.name}` }, row.help, limits, why);
  const wrong = make("p", { class: "wrong", id: `wrong-${row.name}`, role: "alert" });
  const element = make("div", { class: "setting" }, label, control.element, reset, help, wrong);
  return { element, show: () => showRow({ row, control, element, reset, why, wrong }) };
}

function showRow({ row, control, element, reset, why, wrong }) {
  const { overrides, refused, lab } = store.state;
  const reason = idleReason(row);
  const isChanged = row.name in overrides && !reason;
  control.show(values()[row.name], chosenStage().settings[row.name]);
  for (const part of control.parts) part.disabled = Boolean(reason);
  element.classList.toggle("changed", isChanged);
  element.classList.toggle("idle", Boolean(reason));
  reset.hidden = !isChanged;
  why.textContent = reason ?? "";
  const error = refused && refusedRow(lab.settings, refused) === row.name ? refused : null;
  wrong.textContent = error ? sentenceOf(error) : "";
  control.input.setAttribute("aria-describedby", `help-${row.name}${error ? ` wrong-${row.name}` : ""}`);
  control.input.setAttribute("aria-invalid", String(Boolean(error)));
}

function refusedRow(rows, refused) {
  const named = rows.find((row) => refused.message.split(/[\s:,]/).some((word) => word.startsWith(row.flag)));
  return named?.name ?? store.state.changed ?? rows[0].name;
}

/** Returns an error in words: what was wrong, what was expected, what to do. */
export function sentenceOf(error) {
  return [error.message, error.expected && text("expected", { what: error.expected }), error.hint]
    .filter(Boolean)
    .join("\n");
}
