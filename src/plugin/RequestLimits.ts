/** The rate limit of a plugin: which place a call goes to, and the turns of its requests. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { placeOfTarget } from "../protocol/Identification.ts"
import { rateAt, type RateLimit } from "../protocol/RateLimit.ts"
import type { TargetConfig, TypeCapabilities } from "../protocol/Resource.ts"
import { makeRateWaitLog } from "../transport/logRateWait.ts"
import { makeRateLimiter } from "../transport/RateLimiter.ts"
import { ProviderError } from "./Answer.ts"
import { PluginTelemetry } from "./PluginTelemetry.ts"
import { makeStopwatch, type RequestTurns } from "./RequestTurns.ts"

/** Where a call goes, and what ends its wait for the rate limit. */
export interface LimitedCall {
  readonly capabilities: TypeCapabilities
  readonly targetConfig: TargetConfig
  /** Ends its wait for its first turn. Left out where it waits however long that takes. */
  readonly stopping?: Stopping | undefined
}

/** How a call that has sent nothing yet is stopped. */
export interface Stopping {
  /** Completes when the call must not be begun any more. */
  readonly requested: Deferred.Deferred<void>
  /** Is called when it has ended without having sent anything, before it fails. */
  readonly onUnsent: () => void
}

export interface RequestLimits {
  /** Whether one call of a handler counts as one request, because the plugin does not say more. */
  readonly countsCalls: boolean
  /** A limit that holds from now on, also for calls under way. Undefined for none. */
  readonly configure: (limit: RateLimit | undefined) => void
  /** The turns of a call that begins now. Undefined, and for free, without a limit. */
  readonly turnsOf: (call: LimitedCall) => Effect.Effect<RequestTurns> | undefined
}

export const makeRequestLimits = ({
  limitsRequests,
}: {
  /** Whether the plugin sends each of its requests through `Requests.limited`. */
  readonly limitsRequests: boolean
}): Effect.Effect<RequestLimits> => {
  let limit: RateLimit | undefined
  /** Calls that no limit has counted may have been a burst, so none may follow. */
  let wasUnlimited = false
  const logWait = makeRateWaitLog()
  return Effect.map(
    Effect.flatMap(PluginTelemetry, (telemetry) =>
      makeRateLimiter(
        ({ burst }) => (wasUnlimited ? 1 : burst),
        (wait) => {
          telemetry?.waited(wait.millis)
          return logWait(wait)
        },
      ),
    ),
    (limiter) => ({
      countsCalls: !limitsRequests,
      configure: (next) => {
        limit = next
        limiter.changed()
      },
      turnsOf: ({ capabilities, stopping, targetConfig }) => {
        if (limit === undefined) {
          wasUnlimited = true
          return undefined
        }
        const place = placeOfTarget(targetConfig, capabilities)
        const token = limiter.take(place, () => limit && rateAt(limit, targetConfig))
        return Effect.map(makeStopwatch, (stopwatch): RequestTurns => {
          let taken = 0
          let isUnsent = false
          const markUnsent = () => {
            isUnsent = true
            stopping?.onUnsent()
          }
          return {
            ...stopwatch,
            next: Effect.suspend(() =>
              stopwatch.waiting(
                stopping === undefined || taken > 0 ? token : unlessStopped(token, stopping.requested, markUnsent),
              ),
            ).pipe(Effect.andThen(Effect.sync(() => void (taken += 1)))),
            // The provider has not been asked.
            slowDown: () => (isUnsent ? undefined : limiter.slowDown(place)),
          }
        })
      },
    }),
  )
}

/** Nothing was sent, so the failure is one that proves so, to older agents too. */
const unlessStopped = (token: Effect.Effect<void>, requested: Deferred.Deferred<void>, markUnsent: () => void) =>
  Effect.raceFirst(
    token,
    Deferred.await(requested).pipe(
      Effect.andThen(Effect.sync(markUnsent)),
      Effect.andThen(
        Effect.fail(ProviderError.of("Throttling", "Stopped while it waited for the rate limit: nothing was sent")),
      ),
    ),
  )
