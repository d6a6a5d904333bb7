/** An idea of the lecture: its question first, then what the user can try, then the answer, worked out. */

import { get, post } from "./api.js";
import { make } from "./dom.js";
import { button, seldom } from "./play.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const PLAYS = {
  "sigmoid-softmax": () => import("./play-softmax.js"),
  collapse: () => import("./play-collapse.js"),
  dropout: () => import("./play-dropout.js"),
  optimizers: () => import("./play-race.js"),
  argmax: () => import("./play-argmax.js"),
};
const NUMBERS = ["sigmoid-softmax", "dropout", "argmax"]; // those that are played with a network's own
const ENDS = ["done", "stopped", "failed", "paused"];
const saved = {}; // what was set in each plaything, while the page is open

/** Makes the panel of an idea. `kept`, `keep`: what is remembered of the user's way, and how to remember more. */
export function ideaStop(stop, kept, keep) {
  const status = make("p", { class: "working", role: "status" });
  const question = make("div", { class: "question", hidden: true });
  const answer = make("div", { class: "answer", hidden: true });
  const worked = make("div", { class: "worked", hidden: true });
  const parts = { stop, kept, keep, status, question, answer, worked };
  const play = PLAYS[stop.name] ? plaything(stop) : null;
  const slide = make("p", { class: "lead" }, text("lesson_slide", { statement: stop.says }));
  const element = make("div", {}, slide, status, question, play?.element, answer, worked);
  const work = newest((isNewest) => load(parts, isNewest));
  let asked = { model: store.state.model, state: store.state.state };
  work();
  return {
    element,
    changed(state) {
      play?.changed();
      const ended = state.state !== asked.state && ENDS.includes(state.state);
      const again = stop.model && (state.model !== asked.model || (state.model === state.run && ended));
      asked = { model: state.model, state: state.state };
      if (again) work();
    },
  };
}

/** Makes a function that tells `act` whether it is still the newest call, because answers may overtake each other. */
function newest(act) {
  let last = 0;
  return () => {
    const own = ++last;
    return act(() => own === last);
  };
}

async function load(parts, isNewest) {
  const { stop, status, question } = parts;
  const model = store.state.model ?? "";
  status.textContent = text("lesson_working");
  try {
    const lesson = await get(`/api/lessons/${stop.name}`, { model });
    if (!isNewest()) return;
    status.textContent = "";
    if (question.dataset.asked !== lesson.question) ask(parts, lesson);
    tell(parts, lesson);
  } catch (error) {
    if (isNewest()) status.textContent = `${text("lesson_failed")} ${error.message}`;
  }
}

function ask({ stop, kept, keep, question, answer, worked }, lesson) {
  const words = make("textarea", { rows: 2, "data-testid": "lesson-words" });
  words.value = kept.words[stop.name] ?? "";
  words.addEventListener("input", () => keep({ words: { ...kept.words, [stop.name]: words.value } }));
  const reveal = button(text("lesson_show"), () => {
    keep({ open: [...new Set([...kept.open, stop.name])] });
    open({ stop, kept, question, answer, worked });
    answer.focus();
  }, { class: "primary", "data-testid": "lesson-show" });
  question.replaceChildren(
    make("h4", {}, text("lesson_question")), make("p", { "data-testid": "lesson-question" }, lesson.question),
    make("label", {}, make("span", {}, text("lesson_your_answer")), words), reveal);
  question.dataset.asked = lesson.question;
  question.hidden = false;
}

function tell(parts, lesson) {
  const { stop, kept, answer, worked } = parts;
  answer.tabIndex = -1;
  answer.replaceChildren(
    make("h4", {}, text("lesson_answer")), make("p", { "data-testid": "lesson-answer" }, lesson.answer));
  worked.innerHTML = lesson.html; // escaped by the server, which made it
  const notes = [lesson.instead, ...lesson.notes].filter(Boolean);
  worked.prepend(...notes.map((note) => make("p", { class: "note" }, note)));
  if (kept.open.includes(stop.name)) open(parts);
}

/** Shows the answer beside what the user wrote. */
function open({ stop, kept, question, answer, worked }) {
  answer.querySelector(".yours")?.remove();
  const words = kept.words[stop.name]?.trim();
  if (words) answer.prepend(make("p", { class: "yours" }, make("b", {}, text("lesson_you_wrote")), " ", words));
  question.querySelector("button").hidden = true;
  answer.hidden = worked.hidden = false;
}

function plaything(stop) {
  const place = make("div", {});
  const said = make("p", { class: "note" });
  const element = make("div", { class: "plaything" }, make("h4", {}, text("lesson_try")), said, place);
  let built = null;
  const numbers = seldom(async () => {
    if (!built?.take) return;
    const { model, pixels } = store.state;
    try {
      const found = await post(`/api/lessons/${stop.name}/numbers`, { model: model ?? "", pixels });
      said.textContent = [of(found), found.instead].filter(Boolean).join(" ");
      built.take(found);
    } catch (error) {
      said.textContent = error.message;
    }
  });
  PLAYS[stop.name]().then(({ play }) => {
    built = play((saved[stop.name] ??= {}));
    place.append(built.element);
    numbers();
  });
  return { element, changed: () => NUMBERS.includes(stop.name) && element.isConnected && numbers() };
}

/** Says of which network and picture the numbers are. */
function of({ model, own, truth }) {
  return own ? text("play_of_own", { model }) : text("play_of_test", { model, name: truth });
}
