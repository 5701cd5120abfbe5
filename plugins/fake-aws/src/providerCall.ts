/** One call to the cloud: recorded in `calls` before it does anything, with the faults of its target around it. */
import { type ProviderError, Requests } from "formae/plugin"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { type Account, Cloud } from "./Cloud.ts"
import { injectFaults } from "./FaultInjection.ts"
import type { Call } from "./Call.ts"
import type { CallKind } from "./Target.ts"

/**
 * Runs `effect` as one call. Its row says `started` until the outcome is known,
 * so a process that is killed in the middle leaves it that way. `seq` is the
 * number of the row.
 */
export const providerCall = Effect.fnUntraced(function* <A>(
  call: Call,
  effect: (account: Account, seq: number) => Effect.Effect<A, ProviderError>,
) {
  const cloud = yield* Cloud
  // Any other call would treat a missing file as a cloud without resources.
  if (!startsCloud.has(call.operation)) yield* cloud.checkExists(call.target.cloud)
  const account = yield* cloud.account(call.target.cloud)
  const { nativeId, operation, operationId: token, resourceType: type } = call
  const at = yield* Clock.currentTimeMillis
  const seq = yield* account.run((tables) => tables.startCall({ at, nativeId, operation, token, type }))
  return yield* injectFaults(account, call, "before").pipe(
    Effect.andThen(effect(account, seq)),
    Effect.tap(() => injectFaults(account, call, "after")),
    Effect.onExit((exit) => Effect.ignore(account.run((tables) => tables.finishCall(seq, outcomeOf(exit))))),
  )
}, Requests.limited)

/** A cloud begins with its first resource. */
const startsCloud: ReadonlySet<CallKind> = new Set(["create", "recover"])

/** The value of the column `outcome`. For a provider's failure it is the error code. */
const outcomeOf = (exit: Exit.Exit<unknown, ProviderError>): string =>
  Exit.match(exit, {
    onSuccess: (answer) => (Predicate.isTagged(answer, "InProgress") ? "in progress" : "succeeded"),
    onFailure: (cause) =>
      Option.match(Cause.findErrorOption(cause), {
        onSome: ({ code }) => code,
        onNone: () => (Cause.hasInterruptsOnly(cause) ? "interrupted" : "defect"),
      }),
  })
