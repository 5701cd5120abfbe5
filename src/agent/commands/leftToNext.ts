/** What an agent does that leaves its commands to the next one: nothing new. */
import * as Effect from "effect/Effect"
import { StopRequests } from "../operations/StopRequests.ts"

/**
 * How a command is left that has done nothing yet. It is interrupted, so that
 * nobody takes that for its end: its client asks the next agent.
 * One that was canceled ends as it is.
 */
export const makeLeftToNext = Effect.map(StopRequests, (stops) => {
  const isLeft = (commandId: string | undefined) =>
    Effect.map(
      Effect.all([stops.isLeaving, commandId === undefined ? Effect.succeed(false) : stops.isCanceled(commandId)]),
      ([isLeaving, isCanceled]) => isLeaving && !isCanceled,
    )
  /** For the moment before a command begins something. */
  const interruptIfLeft = (commandId: string | undefined): Effect.Effect<void> =>
    Effect.flatMap(isLeft(commandId), (left) => (left ? Effect.interrupt : Effect.void))

  return {
    interruptIfLeft,
    /** For a command that was told to stop while it was waiting or asking. */
    orLeave:
      (commandId: string | undefined) =>
      <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
        Effect.tapError(effect, (error) => (stoppedTags.has(error._tag) ? interruptIfLeft(commandId) : Effect.void)),
  }
})

/** What a command fails with that was told to stop before it has done anything. */
const stoppedTags: ReadonlySet<string> = new Set(["NotConfirmed", "StateInUse"])
