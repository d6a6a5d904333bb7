/** The state that the parts of the page share. Each part watches the keys that it shows. */

export const store = {
  // lab: what /api/lab answers. model: the run or stage that is asked and looked into; its weights change with `weights`.
  // run, state: the training shown and what it does; history: its epochs. pixels: what the network was last shown.
  // guess: what the user expects of the next training, {accuracy, best_epoch}; sent with it.
  // tab: the part shown below the workbench. edges: the weights of the last layer, by its input and unit.
  // inspected: { layer, unit } that the user points at, counted from 0.
  state: { language: "en", lab: null, stage: "adam", overrides: {}, run: null, state: "idle", history: [], model: "adam",
           weights: 0, pixels: null, answer: null, guess: null, inspected: null, tab: "inside" },
  watchers: new Map(),

  /** Changes some keys, and tells everyone who watches one of them once. */
  set(changes) {
    const changed = Object.keys(changes).filter((key) => changes[key] !== this.state[key]);
    Object.assign(this.state, changes);
    const called = new Set(changed.flatMap((key) => this.watchers.get(key) ?? []));
    for (const watcher of called) watcher(this.state);
  },

  /** Calls `watcher(state)` whenever one of `keys` changes. */
  watch(keys, watcher) {
    for (const key of keys) this.watchers.set(key, [...(this.watchers.get(key) ?? []), watcher]);
  },
};
