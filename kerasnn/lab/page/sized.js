/** Drawings that follow the size of their element. */

import { store } from "./store.js";

/** Calls `show` whenever `element` has got another size, once there is something to show. */
export function sized(element, show) {
  new ResizeObserver(() => requestAnimationFrame(() => store.state.lab && show())).observe(element);
}
