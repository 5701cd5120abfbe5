/** A question to the runner of a forma, asked again of the next runner while the forma changes hands. */
import * as Cause from "effect/Cause"
import type {
  AlreadyProcessingMessage,
  EntityNotAssignedToRunner,
  MailboxFull,
  PersistenceError,
} from "effect/cluster/ClusterError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { Unavailable } from "../control/api/ApiFailure.ts"
import { schemaVersion } from "../control/api/version.ts"
import type { HandedOver } from "./FormaEntity.ts"

/** What the cluster itself fails with. */
type ClusterError = AlreadyProcessingMessage | EntityNotAssignedToRunner | MailboxFull | PersistenceError

/** How long a forma may be without a runner, before its clients are told. */
const withoutRunnerMillis = 60_000

const againMillis = 200

/**
 * How long a runner has to answer, before it is asked again who has the forma. One that is paused or cut off may hold a
 * question for as long as it is so, and its forma has moved meanwhile. Longer than a cancel waits for a full disk.
 */
const answerMillis = 6_000

const passing: ReadonlySet<string> = new Set([
  "AlreadyProcessingMessage",
  "EntityNotAssignedToRunner",
  "HandedOver",
  "MailboxFull",
  "PersistenceError",
])

const isPassing = (error: { readonly _tag: string }): error is ClusterError | HandedOver => passing.has(error._tag)

/** Asks until a runner answers: each question must be harmless twice, or have a longer time to be answered. Fails with `Unavailable` where none does for a minute. */
export const orNextRunner = <A, E extends { readonly _tag: string }, R>(
  question: Effect.Effect<A, E, R>,
  waitMillis = answerMillis,
): Effect.Effect<A, Exclude<E, ClusterError | HandedOver> | Unavailable, R> => {
  const again: Effect.Effect<A, Exclude<E, ClusterError | HandedOver>, R> = Effect.flatMap(
    Effect.timeoutOption(Effect.exit(question), waitMillis),
    (answer): Effect.Effect<A, Exclude<E, ClusterError | HandedOver>, R> => {
      if (Option.isNone(answer)) return again
      const exit = answer.value
      if (Exit.isSuccess(exit)) return Effect.succeed(exit.value)
      const failure = exit.cause.reasons.find(Cause.isFailReason)?.error
      // A runner that closes interrupts what it was asked.
      const isOver = failure === undefined ? Exit.hasInterrupts(exit) : isPassing(failure)
      return isOver
        ? Effect.delay(again, againMillis)
        : Effect.failCause(exit.cause as Cause.Cause<Exclude<E, ClusterError | HandedOver>>)
    },
  )
  return Effect.timeoutOrElse(again, { duration: withoutRunnerMillis, orElse: () => Effect.fail(noRunner()) })
}

const noRunner = () =>
  new Unavailable({
    schemaVersion,
    code: "NoRunner",
    message:
      "No runner of the cluster has taken this document over within a minute. What was asked for is kept, and begins once one does",
  })
