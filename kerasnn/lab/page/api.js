/** Requests to the server, and the errors that it answers. */

import { store } from "./store.js";

/** An error as `kerasnn --json` has it: what was wrong, what was expected, what to do next. */
export class LabError extends Error {
  constructor(status, details) {
    super(details.message);
    Object.assign(this, { status, expected: details.expected, hint: details.hint });
  }
}

/** Returns `path` with the page's language as its query. */
export function address(path, query = {}) {
  return `${path}?${new URLSearchParams({ lang: store.state.language, ...query })}`;
}

/** Fetches; a server that cannot be reached is a LabError of status 0. */
async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new LabError(0, { message: error.message });
  }
}

async function answer(response) {
  const content = await response.json().catch(() => ({ error: { message: response.statusText } }));
  if (!response.ok) throw new LabError(response.status, content.error ?? { message: response.statusText });
  return content;
}

export async function get(path, query) {
  return answer(await reach(address(path, query)));
}

/** Returns what a line of JSON says, and the bytes behind it. */
export async function getBytes(path, query) {
  const response = await reach(address(path, query));
  if (!response.ok) await answer(response);
  const content = new Uint8Array(await response.arrayBuffer());
  const end = content.indexOf(10);
  return { about: JSON.parse(new TextDecoder().decode(content.subarray(0, end))), bytes: content.subarray(end + 1) };
}

/** Sends `body`: a FormData as it is, anything else as JSON. */
export async function post(path, body = {}, signal) {
  const form = body instanceof FormData;
  const headers = form ? {} : { "content-type": "application/json" };
  return answer(await reach(address(path), { method: "POST", headers, signal, body: form ? body : JSON.stringify(body) }));
}

/** Listens to a training: calls `heard(kind, content)`, from its first epoch on; returns a function that ends it. */
export function listen(run, heard) {
  const source = new EventSource(address(`/api/trainings/${run}/events`));
  for (const kind of ["state", "progress", "epoch", "notice", "done", "stopped", "failed"]) {
    source.addEventListener(kind, (event) => {
      if (["done", "stopped", "failed"].includes(kind)) source.close();
      heard(kind, JSON.parse(event.data));
    });
  }
  source.addEventListener("error", () => heard("lost", {}));
  return () => source.close();
}
