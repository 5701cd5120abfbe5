/**
 * Which part of each rate limit this agent may use, where several agents use it
 * together: as a member of a cluster. By default it is the whole, and nothing
 * here costs anything.
 */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { namespaceKey } from "../../protocol/Identity.ts"
import { leastPerSecond, type Rate, type RateLimit } from "../../protocol/RateLimit.ts"

/** Whether a launch keeps to its part: where it is not known to, nobody else may have what it gave up. */
export type KeepsToPart = boolean

export interface RateShares {
  /** The part of the limit of a namespace that may be used now: 1 is all of it. */
  readonly of: (namespace: string) => number
  /** Completes once there is a part that may be used. */
  readonly awaitPart: (namespace: string) => Effect.Effect<void>
  /** Runs `use` with each new part, until the scope closes. */
  readonly follow: (namespace: string, use: Effect.Effect<KeepsToPart>) => Effect.Effect<void, never, Scope.Scope>
}

/** The shares of an agent, and what changes them. */
export interface GivenRateShares {
  readonly shares: RateShares
  /** Gives another part, which holds at once for what was not sent. Completes when each launch was told, with whether all of them keep to it. */
  readonly give: (namespace: string, part: number) => Effect.Effect<KeepsToPart>
}

/** The shares of this agent. Undefined, by default, where it has each limit for itself. */
export const RateShares: Context.Reference<RateShares | undefined> = Context.Reference<RateShares | undefined>(
  "formae/agent/launch/RateShares",
  { defaultValue: () => undefined },
)

/** Begins without any part. */
export const makeRateShares = Effect.sync((): GivenRateShares => {
  const parts = new Map<string, number>()
  const followers = new Map<string, Set<Effect.Effect<KeepsToPart>>>()
  let changed = Deferred.makeUnsafe<void>()
  const of = (namespace: string) => parts.get(namespaceKey(namespace)) ?? 0
  const followersOf = (namespace: string) => {
    const key = namespaceKey(namespace)
    const found = followers.get(key) ?? new Set()
    followers.set(key, found)
    return found
  }
  const awaitPart = (namespace: string): Effect.Effect<void> =>
    Effect.suspend(() =>
      of(namespace) > 0 ? Effect.void : Effect.andThen(Deferred.await(changed), awaitPart(namespace)),
    )
  return {
    shares: {
      of,
      awaitPart,
      follow: (namespace, use) =>
        Effect.asVoid(
          Effect.acquireRelease(
            Effect.sync(() => followersOf(namespace).add(use)),
            (all) => Effect.sync(() => all.delete(use)),
          ),
        ),
    },
    give: (namespace, part) =>
      Effect.suspend(() => {
        parts.set(namespaceKey(namespace), part)
        const before = changed
        changed = Deferred.makeUnsafe()
        Deferred.doneUnsafe(before, Effect.void)
        return Effect.map(
          Effect.forEach([...followersOf(namespace)], (use) => use, { concurrency: "unbounded" }),
          (kept) => kept.every((one) => one),
        )
      }),
  }
})

/** A part of a limit. The least of one is a request in 1,000 seconds, and one at a time. */
export const partOfLimit = (limit: RateLimit, part: number): RateLimit => {
  const { targets, ...rate } = limit
  return {
    ...partOfRate(rate, part),
    ...(targets === undefined
      ? {}
      : { targets: targets.map(({ where, ...one }) => ({ where, ...partOfRate(one, part) })) }),
  }
}

const partOfRate = ({ burst, perSecond }: Rate, part: number): Rate => ({
  perSecond: Math.max(perSecond * part, leastPerSecond),
  // Parts are not exact: a third of 9 is 3.
  burst: Math.max(Math.floor(burst * part + 1e-9), 1),
})
