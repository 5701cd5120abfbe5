/** Restart intensity, as in OTP: at most N restarts in a period. */
export interface RestartIntensity {
  /** How many restarts are allowed. */
  readonly restarts: number
  /** The length of the period, in milliseconds. */
  readonly withinMillis: number
}

export interface CountedRestart {
  /** The times of the restarts that still count, including this one. */
  readonly history: ReadonlyArray<number>
  /** Whether this restart is one too many. */
  readonly exceeded: boolean
}

/** Counts a restart at `now`, and forgets those older than the period, as `add_restart` of OTP's supervisor does. */
export const addRestart = (
  history: ReadonlyArray<number>,
  now: number,
  intensity: RestartIntensity,
): CountedRestart => {
  const recent = [...history.filter((at) => now - at < intensity.withinMillis), now]
  return { history: recent, exceeded: recent.length > intensity.restarts }
}
