/** The drawing of a network: image, layers, classes, and the weights between the last two. */

import { draw, make } from "./dom.js";
import { reach, signedColour } from "./images.js";
import { inspects } from "./pointing.js";
import { store } from "./store.js";

const MOST_UNITS = 9; // drawn of a layer
const SPACE = { top: 8, bottom: 40, left: 50, narrow: 82, wide: 96 };

/** Draws the columns; returns what colours units and edges by the picture's answer, and says whether it could. */
export function drawNetwork(svg, columns) {
  const { clientWidth: width, clientHeight: height } = svg;
  if (!width) return () => false;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const right = width < 480 ? SPACE.narrow : SPACE.wide;
  const step = (width - SPACE.left - right) / columns.length;
  const isClose = columns.some((column, index) => column.units && columns[index + 1]?.units);
  const room = Math.floor((isClose ? step : 2 * step) / 6.5); // letters between two captions
  const middle = (height - SPACE.bottom + SPACE.top) / 2;
  let before = null;
  const edges = draw("g", { class: "edges" });
  const drawn = { columns, units: [], edges: [], image: null };
  const shapes = columns.flatMap((column, index) => {
    const x = SPACE.left + step * (index + 1);
    if (!column.units) return barOf(column, x, height);
    const places = placesOf(column.units, height);
    (before ?? [{ x: SPACE.left, y: middle }]).forEach((from, input) => {
      places.forEach(({ y }, unit) => {
        const line = draw("line", { x1: from.x, y1: from.y, x2: x, y2: y });
        if (before && column.isLast) drawn.edges.push({ line, input, unit });
        edges.append(line);
      });
    });
    before = places.map(({ y }) => ({ x, y }));
    return unitsOf(column, x, places, { height, room, beside: right - 13, drawn });
  });
  svg.replaceChildren(edges, ...imageOf(middle, height, drawn), ...shapes);
  return (state) => tinted(drawn, state);
}

/** Colours what is drawn by what the network answers; false if the network that answers is built otherwise. */
function tinted({ columns, units, edges, image }, { answer, pixels, lab, edges: known, inspected }) {
  image.setAttribute("href", pixels ? pictureOf(pixels, lab.dataset.shape) : "");
  const dense = columns.filter((column) => column.units);
  const hidden = dense.at(-2);
  const same = answer?.layers.length === dense.length && answer.probabilities.length === dense.at(-1).units
    && (!hidden || answer.units.length === hidden.units);
  const most = reach(answer?.units ?? []);
  for (const { shape, column, unit } of units) {
    const isOf = same && (column.isLast || column.isHidden);
    const share = column.isLast ? answer?.probabilities[unit] : Math.abs(answer?.units[unit] ?? 0) / most;
    shape.style.fillOpacity = isOf ? 0.1 + 0.9 * share : "";
    shape.classList.toggle("inspected", inspected?.layer === column.place && inspected.unit === unit);
    if (column.isLast) shape.nextSibling?.classList.toggle("likeliest", isOf && answer.label === unit);
  }
  const strongest = reach((known ?? []).slice(0, MOST_UNITS).flat());
  for (const { line, input, unit } of edges) {
    const weight = same ? known?.[input]?.[unit] : undefined;
    line.style.stroke = weight === undefined ? "" : signedColour(Math.sign(weight) * 0.85);
    line.style.strokeWidth = weight === undefined ? "" : 0.3 + (2.2 * Math.abs(weight)) / strongest;
    line.style.opacity = weight === undefined ? "" : 0.15 + (0.85 * Math.abs(weight)) / strongest;
  }
  return same;
}

function imageOf(middle, height, drawn) {
  const size = 42;
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
  drawn.image = draw("image", box);
  return [
    draw("rect", { class: "image", ...box }),
    draw("g", { class: "grid" }, ...lines),
    drawn.image,
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
    radius: Math.min(8, room * 0.4),
  }));
}

/** Cuts a name to a width in pixels: a Hangul syllable is about 10.5 wide, other letters 6. */
function shortened(name, width) {
  let left = width;
  const end = [...name].findIndex((letter) => (left -= letter > "\u1100" ? 10.5 : 6) < 0);
  return end < 0 ? name : `${[...name].slice(0, end - 1).join("").trimEnd()}…`;
}

function unitsOf(column, x, places, { height, room, beside, drawn }) {
  const cut = column.units > places.length;
  const shapes = places.map(({ y, radius }, index) => {
    if (cut && index === places.length - 1) return draw("text", { x, y: y + 4, "text-anchor": "middle" }, "⋮");
    const isDropped = Math.floor((index + 1) * column.dropped) > Math.floor(index * column.dropped);
    const kind = column.isLast ? "class" : isDropped ? "dropped" : "unit";
    const shape = draw("circle", { cx: x, cy: y, r: radius, class: kind });
    inspects(shape, () => column.place, index);
    drawn.units.push({ shape, column, unit: index });
    return shape;
  });
  const names = column.isLast && !cut ? store.state.lab.dataset.class_names : [];
  const named = names.map((name, index) => draw("text", { x: x + 11, y: places[index].y + 4, class: "name" }, shortened(name, beside)));
  const said = column.caption.length > room ? column.units.toLocaleString() : column.caption;
  return [
    ...shapes.flatMap((shape, index) => (named[index] ? [shape, named[index]] : [shape])),
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
