/**
 * The rate limit of a launch. A plugin that has the feature limits its own
 * requests, as it is told by `Configure`. For any other one, the agent lets each
 * operation take one turn before it is sent.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Struct from "effect/Struct"
import { rateLimitFeature } from "../../protocol/Features.ts"
import type { HandshakeResponse } from "../../protocol/Handshake.ts"
import { placeOfTarget } from "../../protocol/Identification.ts"
import type { ResourceType } from "../../protocol/Identity.ts"
import { PluginOperator, type PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import { rateAt, type RateLimit } from "../../protocol/RateLimit.ts"
import type { TargetConfig } from "../../protocol/Resource.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import { makeRateWaitLog } from "../../transport/logRateWait.ts"
import { makeRateLimiter } from "../../transport/RateLimiter.ts"
import { measure, rateLimitWaits, rateLimitWaitSeconds } from "../metrics/Metrics.ts"
import type { Launch } from "./Launch.ts"
import { refusedUnlessEnded } from "./performHandshake.ts"
import { sharedRate } from "./sharedRate.ts"
import type { StartFailure } from "./StartFailure.ts"

/** A launch that has answered its handshake. */
interface Unlimited {
  readonly identity: Pick<HandshakeResponse, "features" | "name" | "namespace" | "types">
  readonly operator: PluginOperatorShape
  /** Sends settings to the plugin. Gives whether it has taken them. */
  readonly configure: (settings: OperatorSettings) => Effect.Effect<boolean>
}

/** The settings as they may be sent before a plugin has said which features it has. */
export const withoutRateLimit = (settings: OperatorSettings): OperatorSettings => Struct.omit(settings, ["rateLimit"])

/** The operator of a launch under the rate limit of these settings, and of those that follow. Fails where the plugin does not take it: it would ask its provider as often as it can. */
export const rateLimited = Effect.fnUntraced(function* (
  launch: Unlimited,
  settings: OperatorSettings,
): Effect.fn.Return<Pick<Launch, "operator" | "configure">, StartFailure, Scope.Scope> {
  const { configure, identity, operator } = launch
  if (identity.features?.includes(rateLimitFeature) === true) {
    const rate = yield* sharedRate(identity.namespace, settings, configure)
    if (settings.rateLimit !== undefined && !(yield* rate.configure(settings))) {
      return yield* refusedUnlessEnded("it did not take its rate limit")
    }
    return { operator: rate.shared(operator), configure: rate.configure }
  }
  const turns = yield* makeTurns(identity)
  const keep = (next: OperatorSettings) => Effect.sync(() => turns.configure(next.rateLimit))
  const rate = yield* sharedRate(identity.namespace, settings, (next) => Effect.as(keep(next), true))
  yield* keep(rate.current())
  return {
    operator: rate.shared(
      PluginOperator.of({
        ...operator,
        perform: (operation, observe) => turns.before(operation, operator.perform(operation, observe)),
        recover: (request) => turns.before(request, operator.recover(request)),
        identify: (request) => turns.before(request, operator.identify(request)),
        list: (request) => turns.before(request, operator.list(request)),
      }),
    ),
    configure: (next) => Effect.andThen(rate.configure(next), configure(withoutRateLimit(next))),
  }
})

interface Request {
  readonly resourceType: ResourceType
  readonly targetConfig: TargetConfig
}

const makeTurns = ({ name, types }: Unlimited["identity"]) => {
  const logWait = makeRateWaitLog()
  const of = { "formae.plugin": name }
  return Effect.map(
    makeRateLimiter(
      ({ burst }) => burst,
      (wait) =>
        Effect.andThen(
          Effect.andThen(measure(rateLimitWaits, 1, of), measure(rateLimitWaitSeconds, wait.millis / 1_000, of)),
          logWait(wait),
        ),
    ),
    (limiter) => {
      let limit: RateLimit | undefined
      const traits = new Map(types.map((type) => [type.type, type]))
      const placeOf = ({ resourceType, targetConfig }: Request): string => {
        const of = traits.get(resourceType)
        // What is secret in a target of an unknown type is not known. The plugin refuses it.
        return of === undefined ? "" : placeOfTarget(targetConfig, of)
      }
      return {
        before: <A, E>(request: Request, call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
          limit === undefined
            ? call
            : Effect.andThen(
                limiter.take(placeOf(request), () => limit && rateAt(limit, request.targetConfig)),
                call,
              ),
        configure: (next: RateLimit | undefined) => {
          limit = next
          limiter.changed()
        },
      }
    },
  )
}
