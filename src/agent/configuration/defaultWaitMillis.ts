/** How long an agent that has answered before is waited for, in milliseconds: one that is restarted is back by then. */
export const defaultWaitMillis = 60_000
