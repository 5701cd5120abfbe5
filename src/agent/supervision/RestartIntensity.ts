/** Restart intensity, as in OTP: N restarts in T, and no more. */
export interface RestartIntensity {
  readonly restarts: number
  readonly withinMillis: number
}

export interface CountedRestart {
  /** When the restarts happened that count still, this one included. */
  readonly history: ReadonlyArray<number>
  /** Whether this one is one too many. */
  readonly exceeded: boolean
}

/**
 * Counts a restart at `now`. Those that are older than the window do not count
 * any more. As `add_restart` of OTP's supervisor.
 */
export const addRestart = (
  history: ReadonlyArray<number>,
  now: number,
  intensity: RestartIntensity,
): CountedRestart => {
  const recent = [...history.filter((at) => now - at < intensity.withinMillis), now]
  return { history: recent, exceeded: recent.length > intensity.restarts }
}
