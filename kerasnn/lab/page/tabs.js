/** The way to the parts below the workbench, which all lie on the page; the address says which was chosen. */

import { make } from "./dom.js";
import { store } from "./store.js";

export const TABS = ["inside", "lecture", "take", "runs"];

/** Makes a button for each section below the workbench, which brings it into view. */
export function tabs() {
  const buttons = TABS.map((name) => {
    const choose = () => {
      store.set({ tab: name });
      document.getElementById(name).scrollIntoView();
    };
    return make("button", { type: "button", "data-testid": `tab-${name}`, "data-text": name, onclick: choose });
  });
  document.getElementById("tabs").append(...buttons);
  const mark = ({ tab }) => buttons.forEach((button, index) => {
    if (TABS[index] === tab) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  });
  store.watch(["tab"], mark);
  mark(store.state);
}
