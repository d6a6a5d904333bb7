/** Arrow keys within a group of buttons, and units that are pointed at. */

import { store } from "./store.js";

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
