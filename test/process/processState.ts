/** Whether a process lives, read from /proc instead of by a signal, because zombies answer signals. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs"

const readProc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8")
  } catch {
    return ""
  }
}

/** The state and the parent. They come after the name, which is in brackets and may contain anything. */
const stateOf = (pid: number) => {
  const stat = readProc(pid, "stat")
  const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return { isGone: state === "" || state === "Z", parent: Number(parent) }
}

/** What the descriptors of a process are open on. */
export const openIn = (pid: number): ReadonlyArray<string> =>
  readdirSync(`/proc/${pid}/fd`).map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`))

/** The processes whose working folder this is. */
export const processesIn = (folder: string): ReadonlyArray<number> =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      try {
        return !Number.isNaN(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder
      } catch {
        return false
      }
    })

/** The children of a process (by default this one) that have `part` in their command lines. */
export const childrenThatRun = (part: string, of = process.pid): ReadonlyArray<number> =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      if (Number.isNaN(pid)) return false
      const { isGone, parent } = stateOf(pid)
      return parent === of && !isGone && readProc(pid, "cmdline").includes(part)
    })

/** The children of a process that have ended, and that it has not asked about. */
export const zombiesOf = (of: number): ReadonlyArray<number> =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => !Number.isNaN(pid) && stateOf(pid).parent === of && stateOf(pid).isGone)

/** The children of a process, their children, and so on. */
export const descendantsOf = (pid: number): ReadonlyArray<number> => {
  const children = readdirSync("/proc")
    .map(Number)
    .filter((one) => !Number.isNaN(one) && stateOf(one).parent === pid && !stateOf(one).isGone)
  return [...children, ...children.flatMap(descendantsOf)]
}

export const parentOf = (pid: number): number => stateOf(pid).parent

/** Its program and arguments. */
export const commandLineOf = (pid: number): string => readProc(pid, "cmdline").split("\0").join(" ").trim()

export const isGone = (pid: number): boolean => stateOf(pid).isGone

/** Completes when the process is gone. Only the time limit of the test bounds it. */
export const untilGone = (pid: number): Effect.Effect<void> =>
  Effect.repeat(
    Effect.sync(() => stateOf(pid).isGone),
    { until: (gone) => gone, schedule: Schedule.spaced("5 millis") },
  ).pipe(Effect.asVoid)

/** Completes when no child of this process has `part` in its command line. */
export const untilNoneRuns = (part: string): Effect.Effect<void> =>
  Effect.repeat(
    Effect.sync(() => childrenThatRun(part)),
    { until: (pids) => pids.length === 0, schedule: Schedule.spaced("5 millis") },
  ).pipe(Effect.asVoid)

/** The processes that live and have inherited this text in their environment. A zombie has none. None without a /proc. */
export const processesWith = (text: string): ReadonlyArray<number> =>
  (existsSync("/proc") ? readdirSync("/proc") : [])
    .map(Number)
    .filter((pid) => !Number.isNaN(pid) && pid !== process.pid && readProc(pid, "environ").includes(text))
