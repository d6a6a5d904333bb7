/** What keeps a part of the page up to date only while somebody can see it. */

import { LabError } from "./api.js";
import { store } from "./store.js";

/**
 * Calls `load` whenever one of `keys` has changed and `element` is on screen: at most once in `seconds`, one at a time.
 * Returns a function that asks for it once more.
 */
export function refreshing(element, keys, seconds, load) {
  const now = { stale: true, seen: false, busy: false, last: -Infinity, timer: 0 };
  const go = async () => {
    clearTimeout(now.timer);
    if (!now.stale || !now.seen || now.busy || document.hidden || !store.state.lab) return;
    const wait = now.last + 1000 * seconds - performance.now();
    if (wait > 0) {
      now.timer = setTimeout(go, wait);
      return;
    }
    Object.assign(now, { stale: false, busy: true });
    try {
      await load();
    } catch (error) {
      if (!(error instanceof LabError)) throw error; // no such model yet, or no server
    } finally {
      Object.assign(now, { busy: false, last: performance.now() });
    }
    go();
  };
  const again = () => {
    now.stale = true;
    go();
  };
  store.watch([...keys, "language"], again);
  document.addEventListener("visibilitychange", go);
  new IntersectionObserver((entries) => {
    now.seen = entries.at(-1).isIntersecting;
    go();
  }).observe(element);
  return again;
}
