/** The head of the page: the lecture's stages, the model that answers, language and theme. */

import { make } from "./dom.js";
import { chosenStage } from "./hyperparameters.js";
import { isActive } from "./machine.js";
import { speak } from "./speak.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const LANGUAGES = { en: "English", ko: "한국어" }; // each in its own words
const THEMES = ["system", "light", "dark"];

/** Builds the head. */
export function top() {
  store.set({ theme: localStorage.getItem("theme") ?? "system" });
  const tabs = make("ol", {});
  const step = make("p", { id: "step" });
  document.getElementById("stages").append(tabs, step);
  document.getElementById("tools").append(modelTool(), languageTool(), themeTool());
  store.watch(["language"], ({ lab }) => tabs.replaceChildren(...lab.stages.map(tab)));
  store.watch(["language", "stage"], ({ lab, stage }) => {
    step.textContent = chosenStage().step;
    lab.stages.forEach((each, index) => {
      const button = tabs.children[index].firstChild;
      if (each.stage === stage) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    });
  });
}

function tab({ stage, title }, index) {
  const choose = () => {
    const model = isActive(store.state.state) ? {} : { model: stage };
    store.set({ stage, overrides: {}, ...model });
  };
  const button = make(
    "button",
    { type: "button", "data-testid": `stage-${stage}`, title, onclick: choose },
    `${index + 1} `,
    make("b", {}, stage),
  );
  return make("li", {}, button);
}

function tool(key, select) {
  return make("label", {}, make("span", { "data-text": key }), " ", select);
}

function languageTool() {
  const options = Object.entries(LANGUAGES).map(([value, name]) => make("option", { value, lang: value }, name));
  const select = make("select", { "data-testid": "language" }, ...options);
  select.addEventListener("change", () => {
    localStorage.setItem("language", select.value);
    speak(select.value);
  });
  store.watch(["language"], ({ language }) => (select.value = language));
  return tool("language", select);
}

function themeTool() {
  const select = make("select", { "data-testid": "theme" });
  select.addEventListener("change", () => {
    localStorage.setItem("theme", select.value);
    store.set({ theme: select.value });
  });
  const show = ({ theme, lab }) => {
    document.documentElement.dataset.theme = theme;
    if (!lab) return;
    select.replaceChildren(...THEMES.map((value) => make("option", { value }, text(`theme_${value}`))));
    select.value = theme;
  };
  store.watch(["language", "theme"], show);
  return tool("theme", select);
}

function modelTool() {
  const select = make("select", { "data-testid": "model" });
  select.addEventListener("change", () => store.set({ model: select.value }));
  store.watch(["language", "model", "runs"], ({ lab, model, runs = [] }) => {
    const stages = lab.stages.map(({ stage }) => make("option", { value: stage }, stage));
    const known = runs
      .filter((row) => row.validation)
      .map((row) => row.run)
      .reverse();
    const names = known.includes(model) || lab.stages.some((each) => each.stage === model) ? known : [model, ...known];
    const own = names.map((run) => make("option", { value: run }, run));
    const group = (key, options) => make("optgroup", { label: text(key) }, ...options);
    select.replaceChildren(...(own.length ? [group("runs", own)] : []), group("references", stages));
    select.value = model;
  });
  return tool("model", select);
}
