/** What the parts of the page look at together, asked for once: the network's weights, and its answers. */

import { get, getBytes } from "./api.js";
import { store } from "./store.js";

/** Returns a function that asks once for each state of the network. */
function shared(ask) {
  let last = { key: "", found: null };
  return () => {
    const { model, weights, language } = store.state;
    const key = `${model} ${weights} ${language}`;
    if (key !== last.key) {
      const found = ask(`/api/models/${encodeURIComponent(model)}`);
      last = { key, found };
      found.catch(() => { last.key = ""; });
    }
    return last.found;
  };
}

/** Returns the answers for the validation images, for the network as it is. */
export const looked = shared((path) => get(`${path}/answers`));

/** Returns what is known of the weights, and those of the first layer as bytes. */
export const weighed = shared((path) => getBytes(`${path}/weights`));

/** The same for the first units only, as many as the strip of the workbench has room for. */
export const FIRST = 24;
export const weighedFirst = shared((path) => getBytes(`${path}/weights`, { first: FIRST }));
