/** The tabs below the workbench: one part at a time, by mouse or arrow keys; the address says which. */

import { make } from "./dom.js";
import { store } from "./store.js";
import { roving } from "./watching.js";

export const TABS = ["inside", "lecture", "take", "runs"];

/** Makes tabs of the sections below the workbench. */
export function tabs() {
  const place = document.getElementById("tabs");
  const buttons = TABS.map((name) => {
    const choose = () => store.set({ tab: name });
    const about = { role: "tab", id: `tab-${name}`, "data-testid": `tab-${name}`, "data-text": name };
    return make("button", { type: "button", ...about, "aria-controls": name, onclick: choose, onfocus: choose });
  });
  place.append(...buttons);
  roving(place);
  for (const name of TABS) {
    const section = document.getElementById(name);
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-labelledby", `tab-${name}`);
  }
  const show = ({ tab }) => buttons.forEach((button, index) => {
    const isChosen = TABS[index] === tab;
    button.setAttribute("aria-selected", isChosen);
    button.tabIndex = isChosen ? 0 : -1;
    document.getElementById(TABS[index]).hidden = !isChosen;
  });
  store.watch(["tab"], show);
  show(store.state);
}
