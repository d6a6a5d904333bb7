/** Inside the network: its weights as images, a unit in detail, its mistakes, and its answers for validation images. */

import { confusion } from "./confusion.js";
import { make } from "./dom.js";
import { unitInspector } from "./unit.js";
import { wall } from "./wall.js";
import { weights } from "./weights.js";

/** Builds the part. */
export function inside() {
  document.getElementById("inside").append(
    make("div", { class: "looks" }, weights(), unitInspector(), confusion(), wall()));
}
