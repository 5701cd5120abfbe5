/**
 * Times that were stored. The clock that wrote one may have been wrong, and so
 * may the one that reads it: each result here has bounds, whatever was stored.
 */

/** How much is left of a wait of `total` milliseconds that began at `since`. Never less than nothing, never more than all of it. */
export const remainingMillis = (total: number, since: number, now: number): number =>
  // A wait that has not begun yet began under another clock.
  since > now ? total : Math.max(total - (now - since), 0)
