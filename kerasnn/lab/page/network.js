/** The network as it is configured: image, layers and classes, drawn; and how its parameters are counted. */

import { draw, make } from "./dom.js";
import { chosenStage } from "./hyperparameters.js";
import { sized } from "./sized.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const MOST_UNITS = 9; // drawn of a layer
const SPACE = { top: 8, bottom: 40, left: 46, narrow: 64, wide: 110 };

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
  document.getElementById("network").append(words, svg, make("details", {}, counted, table));
  const show = () => {
    const { configuration } = store.state;
    if (!configuration) return;
    const { summary } = configuration;
    words.textContent = configuration.title;
    counted.textContent = text("parameters", { count: summary.parameters.total.toLocaleString() });
    table.replaceChildren(...rowsOf(summary));
    drawNetwork(svg, columnsOf(configuration));
  };
  sized(svg, show);
  store.watch(["configuration", "language", "pixels"], show);
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
    const units = layer.output_shape.at(-1);
    if (layer.type !== "Dense") return { name: layer.type === "Dropout" ? `Dropout ${settings.dropout}` : layer.type };
    const isLast = layer === dense.at(-1);
    const activation = !isKeras ? "" : isLast ? "softmax" : settings.activation;
    const dropped = summary.layers[index + 1]?.type === "Dropout" ? settings.dropout : 0;
    return {
      units,
      isLast,
      dropped,
      caption: `${units.toLocaleString()} ${activation}`,
      count: layer.parameters.toLocaleString(),
    };
  });
}

function drawNetwork(svg, columns) {
  const { clientWidth: width, clientHeight: height } = svg;
  if (!width) return;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const right = width < 480 ? SPACE.narrow : SPACE.wide;
  const step = (width - SPACE.left - right) / columns.length;
  const isClose = columns.some((column, index) => column.units && columns[index + 1]?.units);
  const room = Math.floor((isClose ? step : 2 * step) / 6.5); // letters between two captions
  const middle = (height - SPACE.bottom + SPACE.top) / 2;
  let before = null;
  const edges = draw("g", { class: "edges" });
  const shapes = columns.flatMap((column, index) => {
    const x = SPACE.left + step * (index + 1);
    if (!column.units) return barOf(column, x, height);
    const places = placesOf(column.units, height);
    for (const from of before ?? [{ x: SPACE.left, y: middle }]) {
      for (const { y } of places) edges.append(draw("line", { x1: from.x, y1: from.y, x2: x, y2: y }));
    }
    before = places.map(({ y }) => ({ x, y }));
    return unitsOf(column, x, places, { height, room });
  });
  svg.replaceChildren(edges, ...imageOf(middle, height), ...shapes);
}

function imageOf(middle, height) {
  const size = 34;
  const left = SPACE.left - size;
  const { shape } = store.state.lab.dataset;
  const lines = [1, 2, 3].flatMap((each) => [
    draw("line", {
      x1: left,
      x2: SPACE.left,
      y1: middle - size / 2 + (size * each) / 4,
      y2: middle - size / 2 + (size * each) / 4,
    }),
    draw("line", {
      x1: left + (size * each) / 4,
      x2: left + (size * each) / 4,
      y1: middle - size / 2,
      y2: middle + size / 2,
    }),
  ]);
  const box = { x: left, y: middle - size / 2, width: size, height: size };
  const { pixels } = store.state;
  const inside = pixels
    ? draw("image", { ...box, href: pictureOf(pixels, shape) })
    : draw("g", { class: "grid" }, ...lines);
  return [
    draw("rect", { class: "image", ...box }),
    inside,
    caption(left + size / 2 + 4, height - 27, shape.join(" × ")),
  ];
}

function pictureOf(pixels, [rows, columns]) {
  const canvas = make("canvas", { width: columns, height: rows });
  const picture = new ImageData(columns, rows);
  pixels.forEach((grey, index) => picture.data.set([grey, grey, grey, 255], 4 * index));
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return canvas.toDataURL();
}

function placesOf(units, height) {
  const shown = Math.min(units, units > 10 ? MOST_UNITS : 10);
  const room = (height - SPACE.top - SPACE.bottom) / shown;
  return Array.from({ length: shown }, (_each, index) => ({
    y: SPACE.top + room * (index + 0.5),
    radius: Math.min(6, room * 0.36),
  }));
}

function unitsOf(column, x, places, { height, room }) {
  const cut = column.units > places.length;
  const shapes = places.map(({ y, radius }, index) => {
    if (cut && index === places.length - 2) return draw("text", { x, y: y + 4, "text-anchor": "middle" }, "⋮");
    const isDropped = Math.floor((index + 1) * column.dropped) > Math.floor(index * column.dropped);
    return draw("circle", { cx: x, cy: y, r: radius, class: column.isLast ? "class" : isDropped ? "dropped" : "unit" });
  });
  const names = column.isLast && !cut ? store.state.lab.dataset.class_names : [];
  shapes.push(...names.map((name, index) => draw("text", { x: x + 11, y: places[index].y + 4, class: "name" }, name)));
  const said = column.caption.length > room ? column.units.toLocaleString() : column.caption;
  return [
    ...shapes,
    caption(x, height - 27, said),
    caption(x, height - 9, column.count.length > room ? "" : column.count, "quiet"),
  ];
}

function barOf({ name }, x, height) {
  const middle = (height - SPACE.bottom + SPACE.top) / 2;
  const bar = draw("rect", {
    class: "bar",
    x: x - 9,
    y: SPACE.top + 4,
    width: 18,
    height: height - SPACE.top - SPACE.bottom - 8,
    rx: 5,
  });
  const label = draw(
    "text",
    { x, y: middle, class: "name", "text-anchor": "middle", transform: `rotate(-90 ${x} ${middle}) translate(0 4)` },
    name,
  );
  return [bar, label];
}

function caption(x, y, words, kind = "") {
  return draw("text", { x, y, "text-anchor": "middle", class: kind }, words);
}
