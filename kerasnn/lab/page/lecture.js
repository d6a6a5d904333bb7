/** To be built. */

export function lecture() {}
