/** The state that the parts of a page share. Each part watches the keys that it shows. */

export const store = {
  // language: en or ko. lab: the data set, {shape, class_names}. answer: of the network; pixels: what it was last shown.
  // inspected: { layer, unit } that the user points at, counted from 0.
  state: { language: "en", lab: null, pixels: null, answer: null, inspected: null },
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
