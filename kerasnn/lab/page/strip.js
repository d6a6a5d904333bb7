/** The weights of the first layer's units as a row of images, which develop while the network is trained. */

import { make } from "./dom.js";
import { canvas, drawSigned, useColours } from "./images.js";
import { weighedFirst } from "./looked.js";
import { inspects, roving } from "./pointing.js";
import { sized } from "./sized.js";
import { store } from "./store.js";
import { text } from "./texts.js";
import { refreshing } from "./watching.js";

const ROOM = 2.6; // for an image, in rem

/** Makes the element; it shows as many units as there is room for. */
export function strip() {
  const group = make("div", { id: "strip", role: "group" });
  const tidy = roving(group);
  let built = "";
  const load = async () => {
    const { about, bytes } = await weighedFirst();
    useColours(about.colours);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const count = Math.min(about.shown, Math.max(4, Math.floor(group.clientWidth / (ROOM * rem))));
    const names = about.layers.length === 1 ? about.names : [];
    group.setAttribute("aria-label", text("weights", { layer: about.layers[0]?.name ?? "" }));
    if (built !== (built = `${count} ${names}`)) {
      group.replaceChildren(...Array.from({ length: count }, (_each, unit) => tile(unit, names[unit])));
      tidy();
    }
    const size = about.shape[0] * about.shape[1];
    const values = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    [...group.children].forEach((each, unit) => {
      drawSigned(each.firstChild, values.subarray(unit * size, (unit + 1) * size), about.shape, 127);
    });
    store.set({ edges: about.onward });
  };
  sized(group, refreshing(group, ["model", "weights"], 0.3, load));
  store.watch(["inspected"], ({ inspected }) => {
    [...group.children].forEach((each, unit) =>
      each.classList.toggle("inspected", inspected?.layer === 0 && inspected.unit === unit));
  });
  return group;
}

function tile(unit, name = text("unit", { number: unit })) {
  const about = { type: "button", class: "tile", tabindex: -1, "aria-label": name, title: name };
  const button = make("button", about, canvas("weight"));
  inspects(button, () => 0, unit);
  return button;
}
