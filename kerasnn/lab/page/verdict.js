/** What a finished training tells, in the words of the command line, and what to try next. */

import { get } from "./api.js";
import { make } from "./dom.js";
import { begin } from "./follow.js";
import { ENDS } from "./machine.js";
import { sentenceOf } from "./settings.js";
import { store } from "./store.js";
import { text } from "./texts.js";

/** Builds the verdict in the section of the training; nothing is claimed while it goes on. */
export function verdict() {
  const place = make("div", { "data-testid": "verdict", id: "verdict", "aria-live": "polite" });
  document.getElementById("training").append(place);
  store.watch(["state", "record", "error", "language"], async ({ state, run, record, error }) => {
    if (!ENDS.includes(state)) return place.replaceChildren();
    const said = record ? await get(`/api/runs/${run}/reading`).catch(() => null) : null;
    if (run !== store.state.run || state !== store.state.state) return undefined;
    const known = said?.sentences ?? [];
    const why = error && (known.length ? error.hint : sentenceOf(error)); // a record says itself what was wrong
    const sentences = [...known, why].filter(Boolean);
    if (!sentences.length) sentences.push(text(`doing_${state}`));
    place.classList.toggle("bad", state === "failed");
    place.replaceChildren(
      ...sentences.map((each, index) => make("p", { class: index ? "" : "first" }, each)),
      ...next(said),
    );
    return undefined;
  });
}

function next(said) {
  if (!said?.next_command) return [];
  const line = make("p", { class: "next" }, `${text("next")} `, make("code", {}, said.next_command));
  if (!said.next) return [line];
  const { resume, stage, overrides } = said.next;
  const tryIt = () => {
    if (!resume) store.set({ stage, overrides });
    begin(resume ? { resume: said.next } : {});
  };
  const name = text(resume ? "do_continue" : "try_next");
  line.prepend(make("button", { type: "button", class: "primary", "data-testid": "try-next", onclick: tryIt }, name), " ");
  return [line];
}
