/** Pictures that are not drawn: dropped, pasted, chosen, or taken with the camera. */

import { make, notice } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { store } from "./store.js";
import { text } from "./texts.js";

/** Makes the button that a file is chosen with or dropped on; `given` is called with each picture, as `{ blob }`. */
export function files(section, given) {
  const take = (files) => {
    const file = [...files].find((each) => each.type.startsWith("image/")) ?? files[0];
    if (file) given({ blob: file });
  };
  const words = make("span", { class: "unseen" });
  const input = make("input", { type: "file", accept: "image/*", class: "unseen", onchange: () => { take(input.files); input.value = ""; } });
  const drop = make("label", { class: "tool drop", "data-testid": "drop-picture" }, icon("file"), words, input);
  section.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  section.addEventListener("dragleave", () => drop.classList.remove("over"));
  section.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => { if (event.clipboardData.files.length) take(event.clipboardData.files); });
  store.watch(["language"], () => { drop.title = words.textContent = text("drop-picture"); });
  return drop;
}

/** Makes {buttons, video}; nothing where there is no camera. */
export function camera(given) {
  if (!navigator.mediaDevices?.getUserMedia) return { buttons: [], video: null };
  const video = make("video", { class: "camera", playsinline: true, muted: true, hidden: true });
  let stream = null;
  const { button: photo } = iconButton("photo", () => "take-photo", { hidden: true, "data-testid": "take-photo" });
  const { button: open, label } = iconButton("camera", () => (stream ? "close-camera" : "camera"), { "data-testid": "camera" });
  const show = (taken) => {
    if (!taken) for (const track of stream?.getTracks() ?? []) track.stop();
    stream = taken;
    video.srcObject = stream;
    video.hidden = photo.hidden = !stream;
    label();
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
  return { buttons: [open, photo], video };
}
