/** How fast a cluster notices that a runner is gone. */

/** All in milliseconds. Each runner of a cluster has the same. */
export interface RunnerTimes {
  /** For how long a runner has a shard after it has last said that it is there. */
  readonly expirationMillis: number
  /** How often it says so. */
  readonly refreshMillis: number
  /** How often a runner looks which others there are, and for what was asked. */
  readonly lookMillis: number
  /** How often runners are asked whether they answer. */
  readonly healthMillis: number
  /** How long a forma that is handed over has to come to a safe point. Longer than its commands have for it. */
  readonly handOverMillis: number
}

/** A runner that is gone is followed in less than twenty seconds, and one that only answers late is not. */
export const defaultTimes: RunnerTimes = {
  expirationMillis: 12_000,
  refreshMillis: 3_000,
  lookMillis: 1_000,
  healthMillis: 4_000,
  handOverMillis: 15_000,
}

/** Followed in less than five seconds: for a network and a database that answer at once. */
export const fastTimes: RunnerTimes = {
  expirationMillis: 2_800,
  refreshMillis: 900,
  lookMillis: 300,
  healthMillis: 1_500,
  handOverMillis: 15_000,
}
