/** What a run of the tests has started and not ended. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { commandLineOf, parentOf, processesWith } from "../process/processState.ts"

/** What ends by itself when its test is over has ended by then, also on a slow machine. */
const grace = "10 seconds"

/** The processes with this text in their environment, without the workers of the run, which are children of `run`. */
const startedIn = (text: string, run: number) =>
  processesWith(text).filter((pid) => pid !== run && parentOf(pid) !== run)

/**
 * Completes when no process is left that has inherited `text`. Fails with the
 * command lines of those that do not end, and ends them.
 */
export const untilNothingIsLeft = (
  text: string,
  run = process.pid,
  within: Duration.Input = grace,
): Effect.Effect<void, string> =>
  Effect.repeat(
    Effect.sync(() => startedIn(text, run)),
    { until: (pids) => pids.length === 0, schedule: Schedule.spaced("50 millis") },
  ).pipe(
    Effect.asVoid,
    Effect.timeoutOrElse({
      duration: within,
      orElse: () =>
        Effect.suspend(() => {
          const left = startedIn(text, run).map((pid) => ({ pid, command: commandLineOf(pid) }))
          for (const { pid } of left) killIfThere(pid)
          if (left.length === 0) return Effect.void
          const lines = left.map(({ command, pid }) => `\n  ${pid} ${command}`)
          return Effect.fail(`The tests have left processes behind, which were ended now:${lines.join("")}`)
        }),
    }),
  )

const killIfThere = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It is gone.
  }
}
