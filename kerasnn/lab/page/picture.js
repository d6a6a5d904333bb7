/** To be built. */

export function picture() {}
