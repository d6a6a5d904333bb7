/** The confusion matrix on the validation images, and the images of one of its cells. */

import { get } from "./api.js";
import { make } from "./dom.js";
import { looked } from "./looked.js";
import { pictureButtons } from "./gallery.js";
import { roving } from "./pointing.js";
import { store } from "./store.js";
import { text } from "./texts.js";
import { refreshing } from "./watching.js";

const DARKEST = 45; // percent of the colour; more would make the number illegible

/** Makes the element. */
export function confusion() {
  const [title, table] = [make("h3"), make("table", { "data-testid": "confusion" })];
  const [cellTitle, gallery] = [make("h4", { "aria-live": "polite" }), make("div", { class: "gallery" })];
  const part = make("div", { class: "confusion" }, title, make("div", { class: "wide" }, table), cellTitle, gallery);
  const tidy = roving(table);
  let cells = [];
  let built = "";
  refreshing(part, ["model", "weights"], 1, async () => {
    const found = await looked();
    title.textContent = text("confusion", { count: found.images.toLocaleString(), accuracy: found.accuracy.toFixed(4) });
    if (built !== (built = found.names.join())) {
      cells = build(table, found.names, (truth, answer) => open(truth, answer, cellTitle, gallery));
      tidy();
    }
    found.confusion.forEach((row, truth) => fill(cells[truth], row, truth, found.names));
  });
  return part;
}

function build(table, names, chosen) {
  const cells = names.map((_name, truth) =>
    names.map((_other, answer) => make("button", { type: "button", tabindex: -1, onclick: () => chosen(truth, answer) })));
  const corner = `${text("truth-rows")} \\ ${text("answer-columns")}`;
  table.replaceChildren(
    make("thead", {}, make("tr", {}, make("th", { class: "corner" }, corner), ...names.map((name) => make("th", { scope: "col" }, make("span", {}, name))))),
    make("tbody", {}, ...names.map((name, truth) =>
      make("tr", {}, make("th", { scope: "row" }, name), ...cells[truth].map((cell) => make("td", {}, cell))))));
  return cells;
}

function fill(cells, row, truth, names) {
  const all = row.reduce((sum, each) => sum + each, 0) || 1;
  row.forEach((count, answer) => {
    const cell = cells[answer];
    const right = truth === answer;
    const values = { truth: names[truth], answer: names[answer], count };
    cell.textContent = count || "";
    cell.classList.toggle("right", right);
    cell.setAttribute("aria-label", text(right ? "cell-right" : "cell", values));
    const share = right ? 0 : Math.min(1, count / all / 0.25); // the darkest: a quarter of the class
    cell.style.background = `color-mix(in srgb, var(--orange) ${(DARKEST * share).toFixed(0)}%, transparent)`;
  });
}

async function open(truth, answer, title, gallery) {
  const { model } = store.state;
  const cell = await get(`/api/models/${encodeURIComponent(model)}/answers/${truth}/${answer}`);
  const { names } = await looked();
  title.textContent = text(truth === answer ? "cell-right" : "cell", { truth: names[truth], answer: names[answer], count: cell.count });
  gallery.replaceChildren(...(cell.count ? await pictureButtons(cell.images, () => "") : []));
}
