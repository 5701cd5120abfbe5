/** What Linux reports about a process, as far as it is needed here: the line of /proc/PID/stat, and /proc/PID/status. */

export interface ProcessStat {
  readonly pid: number
  /** The process has ended, but its parent has not reaped it yet. */
  readonly isDead: boolean
  /** The process that has started it, or that has taken it over since. */
  readonly parent: number
  /** The process group that it is in: the pid of the leader. */
  readonly group: number
  /** In ticks since the machine booted. Two processes with the same id have different start times. */
  readonly startTime: string
}

/** Positions among the words after the name. */
const stateAt = 0
const parentAt = 1
const groupAt = 2
const startTimeAt = 19
const dead = new Set(["Z", "X", "x"])

/** Undefined where the text is not such a line. The name is in brackets, and may contain anything. */
export const parseProcessStat = (text: string): ProcessStat | undefined => {
  const pid = Number.parseInt(text, 10)
  const words = text.slice(text.lastIndexOf(")") + 2).split(" ")
  const state = words[stateAt]
  const startTime = words[startTimeAt]
  if (Number.isNaN(pid) || state === undefined || startTime === undefined || !/^\d+$/.test(startTime)) return undefined
  return { pid, isDead: dead.has(state), parent: Number(words[parentAt]), group: Number(words[groupAt]), startTime }
}

/** The number that a file of /proc gives in kB under a name, such as `VmRSS`. Undefined where it has none. */
export const kibibytesIn = (text: string, name: string): number | undefined => {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)
  return line === null ? undefined : Number(line[1])
}
