/** Whether a process is there, read from the system rather than asked by signal: a zombie answers signals. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { readFileSync } from "node:fs"

const isGone = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    // The state is the first field behind the name, which is in brackets and may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z")
  } catch {
    return true
  }
}

/** Completes when the process has gone. The test's own time limit bounds it. */
export const untilGone = (pid: number): Effect.Effect<void> =>
  Effect.repeat(
    Effect.sync(() => isGone(pid)),
    { until: (gone) => gone, schedule: Schedule.spaced("5 millis") },
  ).pipe(Effect.asVoid)
