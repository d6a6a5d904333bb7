/** The network as it is configured: image, layers and classes, drawn; and how its parameters are counted. */

import { drawNetwork } from "./drawing.js";
import { draw, make } from "./dom.js";
import { chosenStage } from "./hyperparameters.js";
import { sized } from "./sized.js";
import { store } from "./store.js";
import { strip } from "./strip.js";
import { text } from "./texts.js";
import { unitInspector } from "./unit.js";

/** Builds the drawing and the table of parameters in their section. */
export function network() {
  const svg = draw("svg", {
    id: "network-drawing",
    role: "img",
    "aria-labelledby": "network-title",
    "aria-describedby": "network-words",
  });
  const words = make("p", { id: "network-words", class: "quiet" });
  const table = make("table", { id: "parameters" });
  const counted = make("summary", {});
  const [details, said] = [make("details", {}, counted, table), make("p", { class: "quiet", id: "coloured" })];
  const left = make("div", {}, svg, details);
  document.getElementById("network").append(
    words,
    make("div", { id: "looking" }, left, unitInspector("compact")),
    strip(),
    said,
  );
  let colour = () => false;
  const tint = () => {
    const { configuration, model } = store.state;
    said.textContent = configuration && colour(store.state) ? text("coloured", { model }) : "";
  };
  const show = () => {
    const { configuration } = store.state;
    if (!configuration) return;
    const { summary } = configuration;
    words.textContent = configuration.title;
    counted.textContent = text("parameters", { count: summary.parameters.total.toLocaleString() });
    table.replaceChildren(...rowsOf(summary));
    colour = drawNetwork(svg, columnsOf(configuration));
    tint();
  };
  sized(svg, show);
  store.watch(["configuration", "language"], show);
  store.watch(["answer", "edges", "inspected"], tint);
}

function rowsOf({ layers }) {
  const cells = (tag, row) =>
    make("tr", {}, ...row.map((cell) => make(tag, tag === "th" ? { scope: "col" } : {}, cell)));
  const shape = (layer) => layer.output_shape.slice(1).join(" × ");
  const head = make("thead", {}, cells("th", [text("layer"), text("outputs"), text("parameters_of"), text("formula")]));
  const body = layers.map((layer) =>
    cells("td", [`${layer.name} (${layer.type})`, shape(layer), layer.parameters.toLocaleString(), layer.formula]),
  );
  return [head, make("tbody", {}, ...body)];
}

/** Returns a column for each layer: {units} for those with units, else {name}; with captions. */
function columnsOf({ summary, settings }) {
  const isKeras = chosenStage().library === "keras";
  const dense = summary.layers.filter((layer) => layer.type === "Dense");
  return summary.layers.map((layer, index) => {
    const place = dense.indexOf(layer);
    const units = layer.output_shape.at(-1);
    if (layer.type !== "Dense") return { name: layer.type === "Dropout" ? `Dropout ${settings.dropout}` : layer.type };
    const isLast = layer === dense.at(-1);
    const activation = !isKeras ? "" : isLast ? "softmax" : settings.activation;
    const dropped = summary.layers[index + 1]?.type === "Dropout" ? settings.dropout : 0;
    return {
      units,
      isLast,
      place,
      isHidden: place === dense.length - 2,
      layers: dense.length,
      dropped,
      caption: `${units.toLocaleString()} ${activation}`,
      count: layer.parameters.toLocaleString(),
    };
  });
}
