/** What can be taken along: the command line, the Keras code, the address, the model and the report. */

import { address } from "./api.js";
import { make, notice } from "./dom.js";
import { store } from "./store.js";
import { text } from "./texts.js";

/** Builds the section. */
export function take() {
  const line = make("pre", { "data-testid": "command", tabindex: "0" });
  const code = make("pre", { "data-testid": "code", tabindex: "0" });
  const words = {};
  const copy = (key, content) => button(words, key, () => copied(content()));
  const saves = [saving(words, "save_model", "model"), saving(words, "save_report", "report")];
  const buttons = [
    copy("copy_command", () => line.textContent),
    copy("copy_code", () => code.textContent),
    copy("copy_link", () => location.href),
  ];
  const codeTitle = (words.code = make("summary", {}));
  const place = document.getElementById("take");
  place.append(
    line,
    make("div", { class: "row" }, ...buttons, ...saves),
    make("details", { open: true }, codeTitle, code),
  );
  const show = () => {
    const { configuration, record } = store.state;
    for (const [key, element] of Object.entries(words)) element.textContent = text(key);
    if (configuration) {
      line.textContent = configuration.command;
      code.textContent = configuration.code ?? configuration.code_error.message;
    }
    for (const save of saves) save.disabled = !record?.model;
  };
  store.watch(["configuration", "language", "record"], show);
}

function button(words, key, onclick) {
  words[key] = make("button", { type: "button", "data-testid": key.replace("_", "-"), onclick });
  return words[key];
}

function saving(words, key, what) {
  const save = button(words, key, async () => {
    const { run } = store.state;
    save.disabled = true;
    notice(text("saving"));
    await saved(`/api/runs/${run}/${what}`).then(
      () => notice(""),
      (error) => notice(error.message, true),
    );
    save.disabled = false;
  });
  return save;
}

async function saved(path) {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error((await response.json()).error.message);
  const name = /filename="(.+)"/.exec(response.headers.get("content-disposition"))?.[1] ?? "kerasnn";
  const href = URL.createObjectURL(await response.blob());
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

async function copied(content) {
  try {
    await navigator.clipboard.writeText(content);
    notice(text("copied"));
  } catch {
    notice(text("not_copied"), true);
  }
}
