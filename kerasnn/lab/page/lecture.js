/** The lecture: its stops in order, and beside the network what each of them tells. */

import { get } from "./api.js";
import { make } from "./dom.js";
import { stageStop, watchGuesses } from "./guess.js";
import { ideaStop } from "./lesson.js";
import { button } from "./play.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const KEPT = "lecture";
// at: name of the stop; seen: names; words: what the user answered, by idea; open: ideas whose answer was shown
const kept = { at: null, seen: [], words: {}, open: [], ...remembered() };
const frame = make("div", { class: "lecture" });
let stops = [];
let panel = null;

/** Builds the section of the lecture. */
export function lecture() {
  const section = document.getElementById("lecture");
  section.append(frame);
  let near = false;
  const come = () => near && store.state.lab && load();
  // working out a lesson takes the server a second: not before somebody looks
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    near = true;
    come();
  }, { rootMargin: "200px" });
  observer.observe(section);
  store.watch(["language"], come);
  store.watch(["model", "weights", "pixels", "state", "overrides", "guess"], () => panel?.changed?.(store.state));
  watchGuesses(() => panel?.compared?.());
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

/** Notes something about the user's way through the lecture. */
function keep(changes) {
  Object.assign(kept, changes);
  localStorage.setItem(KEPT, JSON.stringify(kept));
}

async function load() {
  ({ stops } = await get("/api/lessons"));
  const focused = frame.contains(document.activeElement) ? document.activeElement.dataset.stop : undefined;
  show(stops.find((stop) => stop.name === kept.at && stop.kind === kept.kind) ?? stops[0]);
  if (focused) frame.querySelector(`[data-stop="${focused}"]`)?.focus();
}

/** Goes to a stop, because the user asks for it. */
function go(stop) {
  const name = key(stop);
  keep({ at: stop.name, kind: stop.kind, seen: [...new Set([...kept.seen, name])] });
  if (stop.kind === "stage") store.set({ stage: stop.name, overrides: {}, guess: null });
  show(stop);
  frame.querySelector(".content h3")?.focus();
}

const key = (stop) => `${stop.kind} ${stop.name}`;

function show(stop) {
  panel = stop.kind === "stage" ? stageStop(stop, titleOf) : ideaStop(stop, kept, keep);
  const title = make("h3", { tabindex: -1 }, stop.title);
  const content = make("div", { class: "content" }, title, panel.element);
  frame.replaceChildren(list(stop), make("div", { class: "stop" }, steps(stop), content));
}

const titleOf = (stage) => stops.find((stop) => stop.kind === "stage" && stop.name === stage)?.title ?? stage;

/** Makes what leads to the stops before and after, and says how far the user has come. */
function steps(stop) {
  const [before, after] = [stops[stop.number - 2], stops[stop.number]];
  const to = (label, other, name) =>
    button(label, () => go(other), { disabled: !other, "data-testid": name, title: other?.title ?? false });
  const seen = stops.filter((each) => kept.seen.includes(key(each))).length;
  const said = text("lesson_seen", { seen, count: stops.length });
  return make("div", { class: "steps" },
    to(text("lesson_previous"), before, "lesson-previous"),
    make("span", { class: "where" }, text("lesson_at", { number: stop.number, count: stops.length })),
    to(text("lesson_next"), after, "lesson-next"),
    make("progress", { max: stops.length, value: seen, "aria-label": said }), make("span", { class: "quiet" }, said));
}

function list(current) {
  const rows = stops.map((stop) => {
    const seen = kept.seen.includes(key(stop));
    const mark = make("span", { class: "mark", "aria-hidden": "true" }, seen ? "✓" : "");
    const kind = make("span", { class: "kind" }, text(`lesson_${stop.kind}`));
    const unseen = seen ? make("span", { class: "unseen" }, text("lesson_visited")) : null;
    const here = stop === current ? "step" : null;
    const pressed = { onclick: () => go(stop), "aria-current": here, "data-stop": key(stop), type: "button" };
    return make("li", { class: stop.kind }, make("button", pressed, mark, make("span", {}, stop.title), kind, unseen));
  });
  const open = matchMedia("(min-width: 56rem)").matches;
  return make("details", { class: "stops", open }, make("summary", {}, text("lesson_stops")), make("ol", {}, ...rows));
}
