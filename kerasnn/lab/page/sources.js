/** Pictures that are not drawn: those of given.js, and test images of the data set. */

import { getBytes } from "./api.js";
import { camera, files } from "./given.js";
import { iconButton } from "./icons.js";
import { store } from "./store.js";

/** Makes {tools, video}; `given` is called with each picture, or a promise of it: `{ blob }` or `{ pixels, shape, truth }`. */
export function sources(section, given) {
  const any = () => given(testImage(Math.floor(Math.random() * store.state.lab.dataset.test)));
  const test = iconButton("test", () => "test-image", { "data-testid": "test-image", onclick: any });
  const { buttons, video } = camera(given);
  return { tools: [files(section, given), test.button, ...buttons], video };
}

/** Returns a test image: `{ pixels, shape, truth }`. */
export async function testImage(number) {
  const { about, bytes } = await getBytes("/api/images/test", { at: number });
  return { pixels: [...bytes], shape: about.shape, truth: about.labels[0] };
}
