/** To be built. */

export function inside() {}
