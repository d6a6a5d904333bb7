/** What keeps a part of the page up to date only while somebody can see it, and arrow keys within a group. */

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

/** Lets arrow keys move among the buttons of `group`, of which one at a time is in the tab order. */
export function roving(group) {
  const buttons = () => [...group.querySelectorAll("button")];
  const choose = (button) => {
    for (const each of buttons()) each.tabIndex = each === button ? 0 : -1;
  };
  group.addEventListener("focusin", (event) => choose(event.target.closest("button")));
  group.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement);
    const top = all[0]?.getBoundingClientRect().top;
    const across = all.findIndex((each) => each.getBoundingClientRect().top > top + 1);
    const down = across < 0 ? all.length : across;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: down, ArrowUp: -down, Home: -at, End: all.length - 1 - at };
    const to = all[at + steps[event.key]];
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    to?.focus();
  });
  return () => choose(buttons().find((each) => each.tabIndex === 0) ?? buttons()[0]);
}

/** Makes `element` show unit `unit` of layer `layer()` in the inspector once it is pointed at or focused. */
export function inspects(element, layer, unit) {
  const inspect = () => {
    const before = store.state.inspected;
    if (layer() < 0 || (before?.layer === layer() && before.unit === unit)) return;
    store.set({ inspected: { layer: layer(), unit } });
  };
  element.addEventListener("pointerenter", inspect);
  element.addEventListener("focus", inspect);
  element.addEventListener("click", inspect);
}
