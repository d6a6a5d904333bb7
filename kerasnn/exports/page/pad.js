/** A pad to draw on, with mouse, pen, finger or keyboard. */

import { make } from "./dom.js";
import { iconButton } from "./icons.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const SIDE = 280; // pixels
const STEP = 10; // of an arrow key
const SENT = 112; // pixels: four times what the network sees; more only takes longer

/** Makes the pad and its tools; calls `changed(isEmpty)` after every bit of a stroke. */
export function drawingPad(changed) {
  const surface = make("canvas", { class: "surface", width: SIDE, height: SIDE, tabindex: 0, role: "application", "data-testid": "draw-pad" });
  const cursor = make("span", { class: "cursor", "aria-hidden": "true" });
  const pad = { surface, cursor, strokes: [], stroke: null, at: [SIDE / 2, SIDE / 2], light: false, size: 22, erases: false,
                context: surface.getContext("2d") };
  pad.changed = () => changed(pad.strokes.length === 0);
  byPointer(pad);
  byKeyboard(pad);
  redraw(pad);
  return {
    frame: make("div", { class: "frame" }, surface, cursor),
    tools: tools(pad),
    image: () => smaller(surface),
    blob: () => new Promise((done) => smaller(surface).toBlob(done)),
    shows: (image) => shows(pad, image),
  };
}

const sent = make("canvas", { width: SENT, height: SENT });

/** Returns what is drawn on a smaller canvas, the same one each time. */
function smaller(surface) {
  const context = sent.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(surface, 0, 0, SENT, SENT);
  return sent;
}

function colours(pad) {
  return pad.light ? ["#ffffff", "#000000"] : ["#000000", "#ffffff"];
}

function redraw(pad) {
  pad.context.fillStyle = colours(pad)[0];
  pad.context.fillRect(0, 0, SIDE, SIDE);
  for (const stroke of pad.strokes) stroke.points.forEach((_point, index) => segment(pad, stroke, index));
}

function segment(pad, stroke, index) {
  const [x, y, width] = stroke.points[index];
  const [beforeX, beforeY] = stroke.points[Math.max(0, index - 1)];
  pad.context.strokeStyle = colours(pad)[stroke.erases ? 0 : 1];
  Object.assign(pad.context, { lineWidth: width, lineCap: "round" });
  pad.context.beginPath();
  pad.context.moveTo(beforeX, beforeY);
  pad.context.lineTo(x + 0.01, y); // WebKit draws nothing for a line without length: a tap would leave no dot
  pad.context.stroke();
}

/** Shows a picture until the first stroke, which begins another one. */
function shows(pad, image) {
  wipe(pad);
  if (!image) return;
  const scale = SIDE / Math.max(image.width, image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  pad.context.imageSmoothingEnabled = scale < 1;
  pad.context.drawImage(image, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
}

function begin(pad) {
  if (!pad.strokes.length) redraw(pad);
  pad.stroke = { erases: pad.erases, points: [] };
  pad.strokes.push(pad.stroke);
}

function extend(pad, x, y, pressure = 0.5) {
  pad.stroke.points.push([x, y, pad.size * (0.5 + pressure)]);
  segment(pad, pad.stroke, pad.stroke.points.length - 1);
}

function wipe(pad) {
  Object.assign(pad, { strokes: [], stroke: null });
  redraw(pad);
}

function undo(pad) {
  pad.strokes.pop();
  pad.stroke = null;
  redraw(pad);
  pad.changed();
}

function byPointer(pad) {
  const { surface } = pad;
  const draw = (event) => {
    const box = surface.getBoundingClientRect();
    const several = event.getCoalescedEvents?.() ?? [];
    for (const each of several.length ? several : [event]) {
      const pressure = each.pointerType === "pen" ? each.pressure : 0.5;
      extend(pad, ((each.clientX - box.left) / box.width) * SIDE, ((each.clientY - box.top) / box.height) * SIDE, pressure);
    }
    pad.changed();
  };
  surface.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    surface.focus({ preventScroll: true });
    surface.setPointerCapture(event.pointerId);
    pad.cursor.hidden = true;
    begin(pad);
    draw(event);
  });
  surface.addEventListener("pointermove", (event) => {
    if (pad.stroke && surface.hasPointerCapture(event.pointerId)) draw(event);
  });
  for (const kind of ["pointerup", "pointercancel"]) surface.addEventListener(kind, () => { pad.stroke = null; });
}

function byKeyboard(pad) {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  pad.cursor.hidden = true;
  pad.surface.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (way) pad.at = pad.at.map((each, axis) => Math.max(0, Math.min(SIDE, each + STEP * way[axis])));
    else if (event.key === " ") pad.stroke ?? begin(pad);
    else if (event.key === "Delete") wipe(pad);
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo(pad);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the space bar means something else to the rest of the page
    pad.cursor.hidden = false;
    pad.cursor.style.left = `${(100 * pad.at[0]) / SIDE}%`;
    pad.cursor.style.top = `${(100 * pad.at[1]) / SIDE}%`;
    if (pad.stroke) extend(pad, ...pad.at);
    if (pad.stroke || event.key === "Delete") pad.changed();
  });
  pad.surface.addEventListener("keyup", (event) => { if (event.key === " ") pad.stroke = null; });
  pad.surface.addEventListener("blur", () => Object.assign(pad.cursor, { hidden: true }));
}

function tools(pad) {
  const size = make("input", { type: "range", min: 8, max: 48, value: pad.size, oninput: () => { pad.size = Number(size.value); } });
  const switched = (name) => (event) => {
    pad[name] = !pad[name];
    event.currentTarget.setAttribute("aria-pressed", pad[name]);
  };
  const invert = switched("light");
  const cleared = () => { wipe(pad); pad.changed(); };
  const lit = (event) => { invert(event); redraw(pad); pad.changed(); };
  const buttons = [
    iconButton("eraser", () => "eraser", { "aria-pressed": "false", onclick: switched("erases") }),
    iconButton("undo", () => "undo", { onclick: () => undo(pad) }),
    iconButton("clear", () => "clear", { "data-testid": "clear-pad", onclick: cleared }),
    iconButton("invert", () => "dark-on-light", { "aria-pressed": "false", onclick: lit }),
  ];
  store.watch(["language"], () => {
    pad.surface.setAttribute("aria-label", text("pad"));
    size.title = text("brush");
    size.setAttribute("aria-label", size.title);
  });
  return [size, ...buttons.map((each) => each.button)];
}
