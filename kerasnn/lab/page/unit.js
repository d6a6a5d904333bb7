/** One unit in detail: its weights, bias, z and output, and the validation images that excite it most. */

import { get } from "./api.js";
import { make } from "./dom.js";
import { pictureButtons } from "./gallery.js";
import { store } from "./store.js";
import { text } from "./texts.js";
import { numbers, weightsOf } from "./unit-parts.js";
import { refreshing } from "./watching.js";

/** Makes the element. */
export function unitInspector(kind = "") {
  const [title, values, weights] = [make("h3"), make("dl", { class: "values" }), make("div")];
  const [excited, active, gallery] = [make("h4"), make("p", { class: "quiet" }), make("div", { class: "gallery" })];
  const part = make("div", { class: `unit ${kind}` }, title, values, weights, excited, gallery, active);
  let unit = null;
  const showValues = () => values.replaceChildren(...(unit ? numbers(unit, store.state.answer?.unit) : []));
  store.watch(["language", "model"], ({ inspected }) => {
    if (inspected) return;
    title.textContent = text("unit-note");
  });
  store.watch(["answer"], (state) => {
    showValues();
    if (!kind) beginWith(state);
  });
  refreshing(part, ["model", "weights", "inspected"], 0.15, async () => {
    const { inspected, model, lab } = store.state;
    if (!inspected) return;
    const found = await get(`/api/models/${encodeURIComponent(model)}/units/${inspected.layer}/${inspected.unit}`);
    unit = found;
    title.textContent = text("unit-of", { name: unitName(found, inspected), layer: found.layer });
    showValues();
    weights.replaceChildren(...weightsOf(found, lab.dataset.shape));
    excited.textContent = text("exciting");
    active.textContent = text("active", { share: `${(100 * found.active).toFixed(0)}%` });
    const captions = found.outputs.map((each) => each.toFixed(2));
    gallery.replaceChildren(...(await pictureButtons(found.images, (place) => captions[place])));
  });
  return part;
}

/** Inspects the unit that the picture excites most, while none is inspected that the network has. */
function beginWith({ answer, inspected }) {
  if (!answer?.layers.length || (inspected && answer.unit !== null)) return;
  const values = answer.layers.length === 2 ? answer.units : answer.probabilities;
  store.set({ inspected: { layer: 0, unit: values.indexOf(Math.max(...values)) } });
}

function unitName(found, { unit }) {
  const names = store.state.answer?.class_names ?? store.state.lab.dataset.class_names;
  return found.onward === null ? names[unit] : text("unit", { number: unit });
}
