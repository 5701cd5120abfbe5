/** What Linux reports about a process in /proc/PID/stat, as far as it is needed here. */

export interface ProcessStat {
  readonly pid: number
  /** The process has ended, but its parent has not reaped it yet. */
  readonly isDead: boolean
  /** In ticks since the machine booted. Two processes with the same id have different start times. */
  readonly startTime: string
}

/** Positions among the words after the name. */
const stateAt = 0
const startTimeAt = 19
const dead = new Set(["Z", "X", "x"])

/** Undefined where the text is not such a line. The name is in brackets, and may contain anything. */
export const parseProcessStat = (text: string): ProcessStat | undefined => {
  const pid = Number.parseInt(text, 10)
  const words = text.slice(text.lastIndexOf(")") + 2).split(" ")
  const state = words[stateAt]
  const startTime = words[startTimeAt]
  if (Number.isNaN(pid) || state === undefined || startTime === undefined || !/^\d+$/.test(startTime)) return undefined
  return { pid, isDead: dead.has(state), startTime }
}
