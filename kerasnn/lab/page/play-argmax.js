/** argmax along either axis of a matrix of scores: the user finds the largest values first. */

import { argmaxAlong } from "./arithmetic.js";
import { make } from "./dom.js";
import { button, shown } from "./play.js";
import { text } from "./texts.js";

/** Makes the plaything. `saved`: the `axis`, the places `chosen` along it, and whether the result is `open`. */
export function play(saved) {
  Object.assign(saved, { axis: 1, chosen: {}, open: false, ...saved });
  const element = make("div", {});
  const said = make("p", { class: "formula", role: "status" });
  let numbers = null;
  let focus = null; // the cell that was pressed last: [row, column]

  const matrix = () => numbers.rows.map((row) => row.z);
  const show = () => {
    const right = argmaxAlong(matrix(), saved.axis);
    const press = (row, column) => {
      const [lane, place] = saved.axis === 1 ? [row, column] : [column, row];
      saved.chosen[lane] = place;
      focus = [row, column];
      show();
    };
    element.replaceChildren(axes(saved, show), table(numbers, saved, right, press), actions(saved, show), said);
    if (focus) element.querySelector(`[data-cell="${focus.join()}"]`)?.focus();
    focus = null;
    const found = right.filter((place, lane) => saved.chosen[lane] === place).length;
    const values = { axis: saved.axis, result: `[${right.join(", ")}]`, shape: `(${right.length},)`, found, count: right.length };
    said.textContent = saved.open ? text("play_argmax_result", values) : text("play_argmax_ask", values);
  };
  const take = (found) => {
    if (JSON.stringify(found.rows) !== JSON.stringify(numbers?.rows)) {
      if (numbers) Object.assign(saved, { chosen: {}, open: false });
      numbers = found;
      show();
    }
  };
  return { element, take };
}

function axes(saved, show) {
  const choose = (axis) => {
    Object.assign(saved, { axis, chosen: {}, open: false });
    show();
  };
  const radio = (axis) => {
    const about = { type: "radio", name: "argmax-axis", value: axis, checked: saved.axis === axis };
    const box = make("input", { ...about, onchange: () => choose(axis) });
    return make("label", { class: "tick" }, box, make("span", {}, `axis=${axis}`));
  };
  return make("fieldset", { class: "row" }, make("legend", {}, text("play_argmax_axis")), radio(0), radio(1));
}

function actions(saved, show) {
  const open = () => {
    saved.open = true;
    show();
  };
  return make("div", { class: "row" }, button(text("play_argmax_show"), open, { class: "primary", hidden: saved.open }));
}

function table({ names, rows }, saved, right, press) {
  const corner = make("td", {});
  const head = names.map((name, label) => make("th", { scope: "col", title: name }, String(label)));
  const cell = (row, column, value) => {
    const [lane, place] = saved.axis === 1 ? [row, column] : [column, row];
    const isChosen = saved.chosen[lane] === place;
    const isRight = saved.open && right[lane] === place;
    const look = [isChosen ? "chosen" : "", isRight ? "right" : ""].join(" ").trim();
    const label = `${rowName(rows[row], row)}, ${names[column]}: ${shown(value)}`;
    const pressed = { type: "button", "aria-pressed": String(isChosen), "aria-label": label, "data-cell": `${row},${column}` };
    const mark = isRight ? "✓ " : "";
    return make("td", { class: look }, make("button", { ...pressed, onclick: () => press(row, column) }, mark + shown(value)));
  };
  const lines = rows.map((each, row) => make("tr", {}, make("th", { scope: "row" }, rowName(each, row)),
    ...each.z.map((value, column) => cell(row, column, value))));
  const region = { class: "table", role: "region", tabindex: 0, "aria-label": text("play_argmax_table") };
  return make("div", region, make("table", { class: "scores" }, make("caption", {}, text("play_argmax_table")),
    make("thead", {}, make("tr", {}, corner, ...head)), make("tbody", {}, ...lines)));
}

function rowName({ truth }, row) {
  return `${row}: ${truth ?? text("play_argmax_own")}`;
}
