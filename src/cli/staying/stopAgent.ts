/** How an agent stops: what is under way comes to a safe point, and what is not finished is left to the next agent. */
import * as Effect from "effect/Effect"
import { Agent, EventRecorder, StopRequests } from "../../agent/index.ts"

/** How long an agent waits for safe points. After that the commands are interrupted, which loses nothing: the next agent asks what became of their operations. */
export const stopMillis = 30_000

const underWay = Effect.map(
  Effect.flatMap(Agent, ({ commands }) => commands()),
  ({ commands }) => commands.filter(({ endedAt, status }) => endedAt === null && status !== "cut off"),
)

/** Asks all commands to stop, and waits until they have. Says what it waits for. Gives whether all have come to a safe point. */
export const drain = Effect.fnUntraced(function* (millis: number) {
  const agent = yield* Agent
  const recorder = yield* EventRecorder
  yield* (yield* StopRequests).leave
  // One that waits or asks has done nothing: whoever has asked for it asks the next agent.
  const running = (yield* underWay).filter(({ status }) => status === "running")
  if (running.length === 0) return true
  yield* Effect.forEach(running, ({ commandId }) => agent.stop(commandId), { discard: true })
  const names = running.map(
    ({ command, commandId, forma }) => `${command}${forma === "" ? "" : ` of ${forma}`} (${commandId})`,
  )
  yield* Effect.logInfo(`No new work will start; waiting up to ${millis / 1_000} s for: ${names.join(", ")}`)
  const left = Effect.map(underWay, (all) =>
    all.filter(({ commandId }) => running.some((one) => one.commandId === commandId)),
  )
  const ended = left.pipe(Effect.delay("100 millis"), Effect.repeat({ until: (some) => some.length === 0 }))
  const isDrained = yield* Effect.as(ended, true).pipe(
    Effect.timeoutOrElse({ duration: millis, orElse: () => Effect.succeed(false) }),
  )
  yield* recorder.recorded
  yield* Effect.logInfo(
    isDrained
      ? "All commands are at a safe point; the next agent continues what is not finished"
      : "Not all commands have come to a safe point; the next agent finds out what became of them, and continues",
  )
  return isDrained
})
