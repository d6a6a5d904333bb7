/** What can be done with a training in each of its states. */

const NEW = ["train", "inspect", "epoch", "batch"]; // begin a training
const ACTIONS = {
  idle: NEW,
  done: [...NEW, "reset"],
  stopped: [...NEW, "reset"],
  failed: [...NEW, "reset"],
  asking: [],
  queued: ["stop"],
  starting: ["pause", "stop"],
  compiling: ["pause", "stop"],
  running: ["pause", "stop"],
  paused: ["continue", "epoch", "batch", "stop"],
  stopping: [],
  lost: [],
};
const NEEDS_KERAS = ["pause", "continue", "epoch", "batch", "inspect"]; // scikit-learn trains in one call

export const ENDS = ["done", "stopped", "failed"];

/** Returns whether a training goes on in this state. */
export function isActive(state) {
  return state !== "idle" && !ENDS.includes(state);
}

/** Returns whether `action` can be done now. `library`: that of the training, or of the stage that is chosen. */
export function can(action, { state, refused, library }) {
  if (library !== "keras" && NEEDS_KERAS.includes(action)) return false;
  if (refused && NEW.includes(action) && !isActive(state)) return false;
  return ACTIONS[state].includes(action);
}
