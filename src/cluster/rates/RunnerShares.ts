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
import { endShare, lowerShare, renewShare } from "./shareDecision.ts"
import { makeShareRows, prepareShares } from "./ShareRows.ts"
import { makeToldShares } from "./ToldShares.ts"

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

/** How a share stands: it is what is due and all launches know it, it is not yet, or a launch may use more than it. */
type Standing = "settled" | "open" | "exceeded"

/** How long the shares outlast a lease that was renewed now: so late may their own renewal be. */
const spareOf = ({ expirationMillis }: RunnerTimes) => expirationMillis / 2

/** One that does not answer must not keep the shares, and with them the lease, from being renewed. */
const meanwhile = (scope: Scope.Scope, under: Set<string>, namespace: string, work: Effect.Effect<unknown, SqlError>) =>
  Effect.suspend(() => {
    if (under.has(namespace)) return Effect.void
    under.add(namespace)
    const done = Effect.ensuring(
      work,
      Effect.sync(() => under.delete(namespace)),
    )
    return Effect.asVoid(Effect.forkIn(Effect.ignore(done, { log: true }), scope, { startImmediately: true }))
  })

/** For the runner with this name. */
export const makeRunnerShares = Effect.fnUntraced(function* (runner: string) {
  const { give, shares } = yield* makeRateShares
  const { isUntaken, tell, usedOf } = makeToldShares(give)
  /** Runs as long as the shares outlast a lease that is renewed now. */
  const spare = yield* makeLease
  const id = yield* (yield* SecureRandom.SecureRandom).uuidV7()
  /** Of which one is made smaller now, or told again. */
  const lowering = new Set<string>()
  const telling = new Set<string>()
  /** Of which there may be a share, also one of nothing. */
  const begun = new Set<string>()

  const keep: RunnerShares["keep"] = Effect.fnUntraced(function* (namespaces, times) {
    const rows = makeShareRows(yield* SqlClient)
    const scope = yield* Effect.scope
    const spareMillis = spareOf(times)
    const termMillis = times.expirationMillis + spareMillis
    /** An answer that comes late says what is not so any more. */
    const turn = Semaphore.makeUnsafe(1)

    /** Uses no more than is due, and only then gives the rest to the others. */
    const lower = Effect.fnUntraced(function* (namespace: string, due: number) {
      if (!(yield* tell(namespace, due))) return
      yield* turn.withPermit(rows.change(namespace, (all) => ({ shares: lowerShare(all, id, due) })))
    })

    /** Gives how it stands with what this runner has. */
    const renew = Effect.fnUntraced(function* (namespace: string): Effect.fn.Return<Standing, SqlError> {
      begun.add(namespace)
      const { due, parts } = yield* rows.change(namespace, (all, at) => renewShare(all, { id, runner }, at, termMillis))
      if (parts < usedOf(namespace)) {
        // Its time was over, and another runner may have the rest already.
        if (!(yield* tell(namespace, parts))) return "exceeded"
      } else if (due < parts) yield* meanwhile(scope, lowering, namespace, lower(namespace, due))
      else if (lowering.has(namespace)) return "open"
      else if (usedOf(namespace) < parts || isUntaken(namespace)) {
        yield* meanwhile(scope, telling, namespace, tell(namespace, parts))
      }
      return due === parts && !isUntaken(namespace) ? "settled" : "open"
    }, turn.withPermit)

    const round = spare.renewBy(
      spareMillis,
      Effect.forEach(namespaces, (namespace) => renew(namespaceKey(namespace))),
      (standings) => !standings.includes("exceeded"),
    )

    yield* prepareShares
    yield* round
    const rounds = round.pipe(
      Effect.map((standings) => standings.every((one) => one === "settled")),
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
