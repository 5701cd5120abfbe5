/** What the launches of a runner were told that they may use, and may use at most until they have taken it. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { GivenRateShares } from "../../agent/launch/RateShares.ts"
import { whole } from "./shareDecision.ts"

export interface ToldShares {
  /** Gives whether no launch uses more than these parts. One that ends meanwhile does not tell. */
  readonly tell: (namespace: string, parts: number) => Effect.Effect<boolean>
  /** What the launches may use at most, in parts: also one that has not taken less. */
  readonly usedOf: (namespace: string) => number
  /** Whether a launch has not taken what it was told last. */
  readonly isUntaken: (namespace: string) => boolean
}

export const makeToldShares = (give: GivenRateShares["give"]): ToldShares => {
  const used = new Map<string, number>()
  const untaken = new Set<string>()
  const usedOf = (namespace: string) => used.get(namespace) ?? 0
  return {
    usedOf,
    isUntaken: (namespace) => untaken.has(namespace),
    tell: Effect.fnUntraced(function* (namespace, parts) {
      used.set(namespace, Math.max(usedOf(namespace), parts))
      const taken = yield* Effect.exit(give(namespace, parts / whole))
      if (Exit.isSuccess(taken) && taken.value) {
        used.set(namespace, parts)
        untaken.delete(namespace)
        return true
      }
      if (!untaken.has(namespace)) {
        untaken.add(namespace)
        yield* Effect.logWarning(
          `A plugin has not taken its share of the rate limit of ${namespace} yet. It is told again until it has`,
        )
      }
      return false
    }),
  }
}
