/** The page: its parts are put together here. Each part builds itself in its section and watches the store. */

import "./state.js"; // before the parts, which read it
import { languageInAddress } from "./address.js";
import { inside } from "./inside.js";
import { lecture } from "./lecture.js";
import { picture } from "./picture.js";
import { speak } from "./speak.js";
import { workbench } from "./workbench.js";

history.replaceState(null, "", location.pathname + location.hash); // the token is in the cookie now
const language = languageInAddress() ?? localStorage.getItem("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");
for (const part of [workbench, picture, inside, lecture]) part();
try {
  await speak(language);
} finally {
  document.documentElement.classList.add("ready"); // nothing jumps before the eyes of whoever opens the page
}
