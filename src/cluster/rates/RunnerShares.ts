/**
 * Keeps the share of this runner of each rate limit: it is renewed as long as
 * the runner is there, and made smaller or larger as others come and go. The
 * lease of the runner is renewed only while its shares are, so that its plugins
 * have stopped before somebody else has what they used.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { makeLease, type RenewableLease } from "../../agent/launch/Lease.ts"
import { makeRateShares, type RateShares } from "../../agent/launch/RateShares.ts"
import { namespaceKey } from "../../protocol/Identity.ts"
import { logWaiting } from "../runnerLog.ts"
import type { RunnerTimes } from "../RunnerTimes.ts"
import { endShare, lowerShare, renewShare, whole } from "./shareDecision.ts"
import { makeShareRows, prepareShares } from "./ShareRows.ts"

export interface RunnerShares {
  /** What the launches of this runner may use. */
  readonly shares: RateShares
  /** A lease that is renewed only as long as the shares outlast it. */
  readonly leased: (lease: RenewableLease) => RenewableLease
  /** Begins the shares of these namespaces, and renews them until the scope closes. */
  readonly keep: (
    namespaces: ReadonlyArray<string>,
    times: RunnerTimes,
  ) => Effect.Effect<void, SqlError, Scope.Scope | SqlClient>
  /** Gives them back. For when no plugin is left. */
  readonly end: Effect.Effect<void, SqlError, SqlClient>
}

/** How long the shares outlast a lease that was renewed now: so late may their own renewal be. */
const spareOf = ({ expirationMillis }: RunnerTimes) => expirationMillis / 2

/** For the runner with this name. */
export const makeRunnerShares = Effect.fnUntraced(function* (runner: string) {
  const { give, shares } = yield* makeRateShares
  /** Runs as long as the shares outlast a lease that is renewed now. */
  const spare = yield* makeLease
  const id = yield* (yield* SecureRandom.SecureRandom).uuidV7()
  /** What the launches were told last, in parts. */
  const told = new Map<string, number>()
  const lowering = new Set<string>()
  /** Of which there may be a share, also one of nothing. */
  const begun = new Set<string>()

  const tell = (namespace: string, parts: number) =>
    Effect.suspend(() => {
      told.set(namespace, parts)
      return give(namespace, parts / whole)
    })

  const keep: RunnerShares["keep"] = Effect.fnUntraced(function* (namespaces, times) {
    const rows = makeShareRows(yield* SqlClient)
    const scope = yield* Effect.scope
    const spareMillis = spareOf(times)
    const termMillis = times.expirationMillis + spareMillis
    /** An answer that comes late says what is not so any more. */
    const turn = Semaphore.makeUnsafe(1)

    /** Uses no more than is due, and only then gives the rest to the others. */
    const lower = Effect.fnUntraced(function* (namespace: string, due: number) {
      if (yield* tell(namespace, due)) {
        yield* turn.withPermit(rows.change(namespace, (all) => ({ shares: lowerShare(all, id, due) })))
      } else {
        yield* Effect.logWarning(`A plugin has not taken its smaller share of the rate limit of ${namespace} yet`)
      }
    })

    const lowerMeanwhile = (namespace: string, due: number) =>
      Effect.suspend(() => {
        lowering.add(namespace)
        const lowered = Effect.ensuring(
          lower(namespace, due),
          Effect.sync(() => lowering.delete(namespace)),
        )
        return Effect.forkIn(Effect.ignore(lowered, { log: true }), scope, { startImmediately: true })
      })

    /** Gives whether this runner has what it is due. */
    const renew = Effect.fnUntraced(function* (namespace: string) {
      begun.add(namespace)
      const { due, parts } = yield* rows.change(namespace, (all, at) => renewShare(all, { id, runner }, at, termMillis))
      const used = told.get(namespace) ?? 0
      // Its time was over, and another runner may have it already.
      if (parts < used) yield* tell(namespace, parts)
      else if (lowering.has(namespace)) return false
      else if (due < parts) yield* lowerMeanwhile(namespace, due)
      // One that does not answer must not keep the shares, and with them the lease, from being renewed.
      else if (used < parts) yield* Effect.forkIn(tell(namespace, parts), scope, { startImmediately: true })
      return due === parts
    }, turn.withPermit)

    const round = spare.renewBy(
      spareMillis,
      Effect.map(
        Effect.forEach(namespaces, (namespace) => renew(namespaceKey(namespace))),
        (settled) => settled.every((is) => is),
      ),
    )

    yield* prepareShares
    yield* round
    const rounds = round.pipe(
      Effect.catch((error) => Effect.as(logWaiting("The shares of the rate limits are not renewed", error), false)),
      // A defect, such as a row that cannot be read, must not end the renewals.
      Effect.catchCause((cause) =>
        Effect.as(Effect.logError("The shares of the rate limits are not renewed", cause), false),
      ),
      Effect.flatMap((isSettled) => Effect.sleep(isSettled ? times.refreshMillis : times.lookMillis)),
    )
    yield* Effect.forkScoped(Effect.forever(rounds))
  })

  return {
    shares,
    leased: (lease) => ({
      ...lease,
      renewBy: (duration, renewal, isRenewed = () => true) =>
        lease.renewBy(duration, renewal, (result) => isRenewed(result) && spare.lease.current() !== undefined),
    }),
    keep,
    end: Effect.gen(function* () {
      const rows = makeShareRows(yield* SqlClient)
      const ended = (namespace: string) => rows.change(namespace, (all) => ({ shares: endShare(all, id) }))
      yield* Effect.forEach(begun, ended, { discard: true })
    }),
  } satisfies RunnerShares as RunnerShares
}, Effect.provide(SecureRandom.layerWebCrypto))
