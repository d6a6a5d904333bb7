/** Pictures that are not drawn: dropped, pasted, chosen, taken with the camera, or of the data set. */

import { getBytes } from "./api.js";
import { make, notice } from "./dom.js";
import { store } from "./store.js";
import { text } from "./texts.js";

/** Makes the controls; `given({ blob })` or `given({ pixels, shape, truth })` is called with each picture. */
export function sources(section, given) {
  const take = (files) => {
    const file = [...files].find((each) => each.type.startsWith("image/")) ?? files[0];
    if (file) given({ blob: file });
  };
  const words = make("span");
  const input = make("input", { type: "file", accept: "image/*", class: "unseen", onchange: () => { take(input.files); input.value = ""; } });
  const drop = make("label", { class: "drop", "data-testid": "drop-picture" }, words, input);
  section.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  section.addEventListener("dragleave", () => drop.classList.remove("over"));
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => { if (event.clipboardData.files.length) take(event.clipboardData.files); });
  const test = make("button", { type: "button", onclick: () => testImage(given) });
  store.watch(["language"], () => { words.textContent = text("drop-picture"); test.textContent = text("test-image"); });
  return make("div", { class: "sources" }, drop, make("div", { class: "row" }, test, ...camera(given)));
}

async function testImage(given) {
  const number = Math.floor(Math.random() * store.state.lab.dataset.test);
  const { about, bytes } = await getBytes("/api/images/test", { at: number });
  given({ pixels: [...bytes], shape: about.shape, truth: about.labels[0] });
}

function camera(given) {
  if (!navigator.mediaDevices?.getUserMedia) return [];
  const video = make("video", { class: "camera", playsinline: true, muted: true, hidden: true });
  const photo = make("button", { type: "button", hidden: true });
  const open = make("button", { type: "button" });
  let stream = null;
  const name = () => { open.textContent = text(stream ? "close-camera" : "camera"); photo.textContent = text("take-photo"); };
  const show = (taken) => {
    if (!taken) for (const track of stream?.getTracks() ?? []) track.stop();
    stream = taken;
    video.srcObject = stream;
    video.hidden = photo.hidden = !stream;
    name();
  };
  open.addEventListener("click", async () => {
    if (stream) return show(null);
    try {
      show(await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }));
      await video.play();
    } catch (error) {
      show(null);
      notice(text("camera-fails", { reason: error.message }), true);
    }
  });
  photo.addEventListener("click", () => {
    const taken = make("canvas", { width: video.videoWidth, height: video.videoHeight });
    taken.getContext("2d").drawImage(video, 0, 0);
    taken.toBlob((blob) => given({ blob }));
    show(null);
  });
  store.watch(["language"], name);
  return [open, photo, video];
}
