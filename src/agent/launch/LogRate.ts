/**
 * How much of a plugin's log is passed on, as a function of (state, now): a
 * token bucket that holds as many lines as may come in a second.
 *
 * A bucket that has run empty takes nothing until there is room for several
 * lines again. So a flood is logged in short passages with one number of
 * dropped lines between them, and not with a number after each line.
 */
export interface LogRate {
  /** Room for lines, in thousandths, so that a millisecond adds a whole number. */
  readonly room: number
  readonly at: number
  /** Lines dropped since the last admitted one, and not reported yet. */
  readonly dropped: number
}

export interface LogRateSettings {
  readonly linesPerSecond: number
}

export interface Admission {
  readonly state: LogRate
  readonly admitted: boolean
  /** How many lines were dropped before this one. To be reported before it. */
  readonly droppedBefore: number
}

const line = 1_000

/** How long a bucket that ran empty stays shut, in milliseconds, unless a single line needs longer. */
const shutMillis = 100

const needed = ({ dropped }: LogRate, { linesPerSecond }: LogRateSettings): number =>
  dropped === 0 ? line : Math.max(line, linesPerSecond * shutMillis)

/** A clock that was set back adds nothing. */
const refill = (state: LogRate, nowMillis: number, { linesPerSecond }: LogRateSettings): LogRate => ({
  ...state,
  room: Math.min(linesPerSecond * line, state.room + Math.max(0, nowMillis - state.at) * linesPerSecond),
  at: nowMillis,
})

export const initialLogRate = (nowMillis: number, { linesPerSecond }: LogRateSettings): LogRate => ({
  room: linesPerSecond * line,
  at: nowMillis,
  dropped: 0,
})

/** Whether a line that comes now is passed on. */
export const admit = (before: LogRate, nowMillis: number, settings: LogRateSettings): Admission => {
  const state = refill(before, nowMillis, settings)
  if (state.room < needed(state, settings)) {
    return { state: { ...state, dropped: state.dropped + 1 }, admitted: false, droppedBefore: 0 }
  }
  return {
    state: { ...state, room: state.room - line, dropped: 0 },
    admitted: true,
    droppedBefore: state.dropped,
  }
}

/** When there is room again after a line was dropped, in milliseconds since 1970. */
export const roomAt = (state: LogRate, settings: LogRateSettings): number =>
  state.at + Math.max(0, Math.ceil((needed(state, settings) - state.room) / settings.linesPerSecond))

/** How many dropped lines to report now, although no line has come since. None until there is room again. */
export const takeDropped = (
  before: LogRate,
  nowMillis: number,
  settings: LogRateSettings,
): { readonly state: LogRate; readonly dropped: number } => {
  const state = refill(before, nowMillis, settings)
  if (state.room < needed(state, settings)) return { state, dropped: 0 }
  return { state: { ...state, dropped: 0 }, dropped: state.dropped }
}
