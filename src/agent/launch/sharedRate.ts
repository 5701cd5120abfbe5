/** A launch under the agent's share of a rate limit. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { PluginOperator, type PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import { type KeepsToPart, partOfLimit, RateShares } from "./RateShares.ts"

export interface SharedRate {
  /** The settings with the share that holds now. */
  readonly current: () => OperatorSettings
  /** Gives the launch other settings, with the share that holds now. Completes with whether it has taken them. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<KeepsToPart>
  /** The same operator, which sends nothing under a limit before there is a share of it. */
  readonly shared: (operator: PluginOperatorShape) => PluginOperatorShape
}

/** Gives the launch each new share by `configure`, until the scope closes. */
export const sharedRate = Effect.fnUntraced(function* (
  namespace: string,
  initial: OperatorSettings,
  configure: (settings: OperatorSettings) => Effect.Effect<KeepsToPart>,
): Effect.fn.Return<SharedRate, never, Scope.Scope> {
  const shares = yield* RateShares
  if (shares === undefined) {
    return { current: () => initial, configure, shared: (operator) => operator }
  }
  let settings = initial
  const current = (): OperatorSettings =>
    settings.rateLimit === undefined
      ? settings
      : { ...settings, rateLimit: partOfLimit(settings.rateLimit, shares.of(namespace)) }
  /** Two that are sent at the same time could arrive in the other order. */
  const turn = Semaphore.makeUnsafe(1)
  const send = turn.withPermit(Effect.suspend(() => configure(current())))
  yield* shares.follow(
    namespace,
    Effect.suspend(() => (settings.rateLimit === undefined ? Effect.succeed(true) : send)),
  )
  const whenShared = <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() =>
      settings.rateLimit === undefined || shares.of(namespace) > 0
        ? call
        : Effect.andThen(shares.awaitPart(namespace), call),
    )
  return {
    current,
    configure: (next) =>
      Effect.suspend(() => {
        settings = next
        return send
      }),
    shared: (operator) =>
      PluginOperator.of({
        ...operator,
        perform: (operation, observe) => whenShared(operator.perform(operation, observe)),
        recover: (request) => whenShared(operator.recover(request)),
        identify: (request) => whenShared(operator.identify(request)),
        list: (request) => whenShared(operator.list(request)),
      }),
  }
})
