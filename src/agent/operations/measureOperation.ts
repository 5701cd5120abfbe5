/** Measures one operation that is sent: how long it takes, how it ends, and how often its provider is called. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type { Operation } from "../../protocol/Operation.ts"
import type { OperatorError } from "../../protocol/OperatorError.ts"
import type { Finished } from "../../protocol/Progress.ts"
import { measure, operationAttempts, operationDuration, operationRetries } from "../metrics/Metrics.ts"

type OperationResult = Result.Result<Finished | "Stopped", OperatorError>

/** Gives how the operation ended. `attemptsSoFar` counts where its end does not. */
export const measureOperation = Effect.fnUntraced(function* (
  { _tag, resourceType }: Operation,
  performed: Effect.Effect<Finished | "Stopped", OperatorError>,
  attemptsSoFar: () => number,
): Effect.fn.Return<OperationResult> {
  const begunAt = yield* Clock.currentTimeMillis
  const result = yield* Effect.result(performed)
  const seconds = ((yield* Clock.currentTimeMillis) - begunAt) / 1_000
  const of = { "formae.operation": _tag, "formae.resource.type": resourceType }
  yield* measure(operationDuration, seconds, { ...of, "error.type": errorOf(result) })
  const attempts = result._tag === "Success" && result.success !== "Stopped" ? result.success.attempts : attemptsSoFar()
  if (attempts > 0) yield* measure(operationAttempts, attempts, of)
  if (attempts > 1) yield* measure(operationRetries, attempts - 1, of)
  return result
})

const errorOf = (result: OperationResult): string | undefined => {
  if (result._tag === "Failure") return result.failure._tag
  if (result.success === "Stopped") return "Stopped"
  return result.success.status === "Failed" ? result.success.failure.code : undefined
}
