/** Whether a process is there, read from the system rather than asked by signal: a zombie answers signals. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { readdirSync, readFileSync } from "node:fs"

const readProc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8")
  } catch {
    return ""
  }
}

/** The state and the parent. They are behind the name, which is in brackets and may hold anything. */
const stateOf = (pid: number) => {
  const stat = readProc(pid, "stat")
  const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return { isGone: state === "" || state === "Z", parent: Number(parent) }
}

/** The processes that a process has started, this one if none is named, and whose command line has `part`. */
export const childrenThatRun = (part: string, of = process.pid): ReadonlyArray<number> =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (Number.isNaN(pid)) return false
      const { isGone, parent } = stateOf(pid)
      return parent === of && !isGone && readProc(pid, "cmdline").includes(part)
    })

/** The processes that a process has started, those that they have started, and so on. */
export const descendantsOf = (pid: number): ReadonlyArray<number> => {
  const children = readdirSync("/proc")
    .map(Number)
    .filter((one) => !Number.isNaN(one) && stateOf(one).parent === pid && !stateOf(one).isGone)
  return [...children, ...children.flatMap(descendantsOf)]
}

/** Completes when the process has gone. The test's own time limit bounds it. */
export const untilGone = (pid: number): Effect.Effect<void> =>
  Effect.repeat(
    Effect.sync(() => stateOf(pid).isGone),
    { until: (gone) => gone, schedule: Schedule.spaced("5 millis") },
  ).pipe(Effect.asVoid)

/** Completes when no process that this one has started has `part` in its command line. */
export const untilNoneRuns = (part: string): Effect.Effect<void> =>
  Effect.repeat(
    Effect.sync(() => childrenThatRun(part)),
    { until: (pids) => pids.length === 0, schedule: Schedule.spaced("5 millis") },
  ).pipe(Effect.asVoid)
