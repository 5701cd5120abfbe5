/** What Linux says of a process in /proc/PID/stat, as far as it is needed here. */

export interface ProcessStat {
  readonly pid: number
  /** Ended, and there only until whoever has started it hears of that. */
  readonly isDead: boolean
  /** When it started, in ticks since the machine did: another process of the same id has another. */
  readonly startTime: string
}

/** By their place behind the name. */
const stateAt = 0
const startTimeAt = 19
const dead = new Set(["Z", "X", "x"])

/** Undefined where the text is not such a line. The name is in brackets, and may hold anything. */
export const parseProcessStat = (text: string): ProcessStat | undefined => {
  const pid = Number.parseInt(text, 10)
  const words = text.slice(text.lastIndexOf(")") + 2).split(" ")
  const state = words[stateAt]
  const startTime = words[startTimeAt]
  if (Number.isNaN(pid) || state === undefined || startTime === undefined || !/^\d+$/.test(startTime)) return undefined
  return { pid, isDead: dead.has(state), startTime }
}
