/** The state of the lab's page before anything is known of it. */

import { store } from "./store.js";

// lab: what /api/lab answers. model: the run or stage that is asked and looked into; its weights change with `weights`.
// run, state: the training shown and what it does; history: its epochs. tab: the part shown below the workbench.
// guess: what the user expects of the next training, {accuracy, best_epoch}; sent with it.
// edges: the weights of the last layer, by its input and unit.
Object.assign(store.state, {
  stage: "adam", overrides: {}, run: null, state: "idle", history: [], model: "adam", weights: 0, guess: null, tab: "inside",
});
