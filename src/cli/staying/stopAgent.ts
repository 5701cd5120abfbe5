/** How an agent stops: what is under way comes to a safe point, and what is not finished is left to the next agent. */
import * as Effect from "effect/Effect"
import { Agent, EventRecorder, StopRequests } from "../../agent/index.ts"

/** How long an agent waits for safe points. After that the commands are interrupted, which loses nothing: the next agent asks what became of their operations. */
export const stopMillis = 30_000

/** How long the last events have. */
export const recordedMillis = 5_000

/** Those of this agent. What other runners of a cluster do, and what is left to them, goes on there. */
const underWay = Effect.gen(function* () {
  const { isRegistered } = yield* StopRequests
  const { commands } = yield* (yield* Agent).commands()
  return yield* Effect.filter(commands, ({ commandId }) => isRegistered(commandId))
})

/** Asks all commands to stop, also those that come, and waits until they have. One that waits or asks has done nothing, and ends at once: its client asks the next agent. Says what it waits for. Gives whether all have come to a safe point. */
export const drain = Effect.fnUntraced(function* (millis: number) {
  const recorder = yield* EventRecorder
  const before = yield* underWay
  yield* (yield* StopRequests).leave
  // What was under way may have come to its safe point already.
  const running = before.length > 0 ? before : yield* underWay
  if (running.length === 0) return true
  const names = running.map(
    ({ command, commandId, forma }) => `${command}${forma === "" ? "" : ` of ${forma}`} (${commandId})`,
  )
  yield* Effect.logInfo(`No new work will start; waiting up to ${millis / 1_000} s for: ${names.join(", ")}`)
  // Each time, not those of the beginning alone: what was asked for just before is there too.
  const ended = underWay.pipe(Effect.delay("100 millis"), Effect.repeat({ until: (some) => some.length === 0 }))
  const isDrained = yield* Effect.as(ended, true).pipe(
    Effect.timeoutOrElse({ duration: millis, orElse: () => Effect.succeed(false) }),
  )
  // What cannot be logged, such as on a full disk, is told by the next agent.
  yield* Effect.timeoutOption(Effect.ignore(recorder.recorded), recordedMillis)
  yield* Effect.logInfo(
    isDrained
      ? "All commands are at a safe point; the next agent continues what is not finished"
      : "Not all commands have come to a safe point; the next agent finds out what became of them, and continues",
  )
  return isDrained
})
