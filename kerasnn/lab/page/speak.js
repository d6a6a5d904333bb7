/** The language of the page: its words come from the server. */

import { get } from "./api.js";
import { store } from "./store.js";
import { useTexts } from "./texts.js";

/** Loads the words of a language and puts them into the page; what scripts draw watches `language`. */
export async function speak(language) {
  store.state.language = language;
  const { texts } = await get("/api/texts");
  useTexts(language, texts);
  store.state.lab = await get("/api/lab");
  for (const watcher of new Set([...(store.watchers.get("language") ?? []), ...(store.watchers.get("lab") ?? [])])) {
    watcher(store.state);
  }
}
