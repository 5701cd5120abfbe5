/**
 * The requests that handlers make of their provider, under the rate limit that
 * the agent has set. A plugin that is defined with `limitsRequests` sends each
 * of them through `limited`; of any other plugin, one call of a handler counts
 * as one request. Without a rate limit nothing here does anything.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { inSpan } from "../transport/Tracing.ts"
import * as RunningTime from "../transport/RunningTime.ts"
import type { ProviderError } from "./Answer.ts"
import { CurrentLease, ifHeld } from "./PluginLease.ts"
import { CurrentTurns, timeoutOfTurns } from "./RequestTurns.ts"

/** Each request has a span of its own, in a call that is traced. */
const inRequestSpan = inSpan("provider.request", { kind: "client" })

/**
 * Sends one request when the rate limit lets it: it waits for those that came
 * before it. The time limit of the handler does not run meanwhile. In a trace,
 * the request has a span of its own.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ProviderError, Requests } from "formae/plugin"
 *
 * const readShelf = (name: string) =>
 *   Requests.limited(
 *     Effect.tryPromise({
 *       try: (signal) => fetch(`https://shop.example/shelves/${name}`, { signal }),
 *       catch: () => ProviderError.of("NetworkFailure", "the shop cannot be reached"),
 *     }),
 *   )
 * ```
 */
export const limited = <A, E, R>(request: Effect.Effect<A, E, R>): Effect.Effect<A, E | ProviderError, R> =>
  Effect.flatMap(CurrentTurns, (turns): Effect.Effect<A, E | ProviderError, R> => {
    const held = Effect.flatMap(CurrentLease, (lease) => ifHeld(lease, inRequestSpan(request)))
    return turns === undefined ? held : Effect.andThen(turns.next, held)
  })

/** Runs an effect whose end something else bounds, such as a request that is shared with others. The time limit of the handler does not run meanwhile if there is a rate limit. */
export const uncounted = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(CurrentTurns, (turns) => (turns === undefined ? effect : turns.waiting(effect)))

/** `Effect.timeoutOrElse`, without the time in which requests wait for the rate limit. */
export const timeoutOrElse = <A, E, R, A2, E2, R2>(
  self: Effect.Effect<A, E, R>,
  options: { readonly duration: Duration.Duration; readonly orElse: () => Effect.Effect<A2, E2, R2> },
): Effect.Effect<A | A2, E | E2, R | R2> =>
  Effect.flatMap(CurrentTurns, (turns) =>
    turns === undefined ? RunningTime.timeoutOrElse(self, options) : timeoutOfTurns(self, turns, options),
  )
