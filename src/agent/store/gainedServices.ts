/**
 * The services that a fiber has only inside of a transaction, for another one that
 * writes in it. They are few, and each is put on top of what the other has: to merge
 * two contexts copies all services of both, which took long where each write did it.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

export type Gained = ReadonlyArray<{ readonly key: Context.Key<never, unknown>; readonly value: unknown }>

/** What is inside and not outside, or is another one there. */
export const gainedServices = (outside: Context.Context<never>, inside: Context.Context<never>): Gained =>
  Array.from(inside.mapUnsafe)
    .filter(([key, value]) => outside.mapUnsafe.get(key) !== value)
    .map(([key, value]) => ({ key: Context.Service<never, unknown>(key), value }))

/** Runs an effect with them. What the fiber has of its own stays, such as its span. */
export const withGained =
  (gained: Gained) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.updateContext(effect, (own: Context.Context<R>) => {
      let known = own
      for (const { key, value } of gained) {
        if (Option.isNone(Context.getOption(known, key))) known = Context.add(known, key, value)
      }
      return known
    })
