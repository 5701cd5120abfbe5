/** The turn of a command: what it works on is claimed, and this agent holds the state. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ClaimSet } from "../records/ClaimQueue.ts"
import type { Claimed, ClaimOptions } from "../records/Claimed.ts"
import { Claims } from "../records/Claims.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { StateOwnership } from "../records/StateOwnership.ts"
import { makeLeftToNext } from "./leftToNext.ts"
import { remainingMillis } from "../store/StoredTime.ts"

/** Takes the turn of a command until the scope closes. */
export type TakeTurn = (
  documents: ClaimSet["documents"],
  options: ClaimOptions,
) => Effect.Effect<Claimed, StateError, Scope.Scope>

export const makeCommandTurn = Effect.gen(function* () {
  const claims = yield* Claims
  const journal = yield* OperationJournal
  const ownership = yield* StateOwnership
  const { interruptIfLeft } = yield* makeLeftToNext

  const take = Effect.fnUntraced(function* (documents: ClaimSet["documents"], options: ClaimOptions) {
    yield* ownership.refuseWhileFull
    const claimed = yield* claims.claim({ documents }, options)
    yield* interruptIfLeft(options.claimant?.commandId)
    return { claimed, holding: yield* ownership.hold }
  })

  /** Runs a command in its turn that asks no provider to change anything. */
  const inQuietTurn = <A, E, R>(
    documents: ClaimSet["documents"],
    options: ClaimOptions,
    command: Effect.Effect<A, E, R>,
  ) => ownership.inCommand(Effect.scoped(Effect.andThen(take(documents, options), command)))

  /** Also waits until no plugin of an earlier agent is working on the documents any more. */
  const takeTurn: TakeTurn = Effect.fnUntraced(function* (documents, options) {
    const { claimed, holding } = yield* take(documents, options)
    const times = yield* Effect.forEach(documents === "all" ? [undefined] : documents, journal.lastCutOffAt)
    const last = times.reduce(laterOf, undefined)
    if (last === undefined) return claimed
    // If the state was taken over, it is not known when its last owner died.
    const from = holding.takenOver ? holding.since : last
    yield* Effect.sleep(remainingMillis(pluginExitMillis, from, yield* Clock.currentTimeMillis))
    return claimed
  })

  return { inQuietTurn, takeTurn }
})

const laterOf = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other)

/** The plugins of an agent that is gone exit within a second. Until then, one of them may still be working. */
const pluginExitMillis = 1_000
