/** To be built. */

export function workbench() {}
