/** The turns that the requests of one call of a handler take, and how long it has waited for them. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as RunningTime from "../transport/RunningTime.ts"
import type { ProviderError } from "./Answer.ts"

/** The turns of the requests that one call of a handler makes. */
export interface RequestTurns {
  /** Completes when one more request may be made. Fails if the operation is stopped before its first one. */
  readonly next: Effect.Effect<void, ProviderError>
  /** The provider has throttled a request. */
  readonly slowDown: () => void
  /** How long the call has waited for its turns so far, in milliseconds. */
  readonly waitedMillis: () => number
  /** Counts the time of an effect as waiting. */
  readonly waiting: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** The turns of the call that is being made. Undefined if no rate limit holds. */
export const CurrentTurns: Context.Reference<RequestTurns | undefined> = Context.Reference<RequestTurns | undefined>(
  "formae/plugin/RequestTurns/CurrentTurns",
  { defaultValue: () => undefined },
)

/** `Effect.timeoutOrElse` for a call whose requests take these turns: without the time for which they wait. */
export const timeoutOfTurns = <A, E, R, A2, E2, R2>(
  self: Effect.Effect<A, E, R>,
  turns: RequestTurns,
  { duration, orElse }: { readonly duration: Duration.Duration; readonly orElse: () => Effect.Effect<A2, E2, R2> },
): Effect.Effect<A | A2, E | E2, R | R2> =>
  Effect.flatMap(ownTurns(turns), (own) =>
    Effect.flatMap(
      Effect.raceFirst(
        Effect.asSome(Effect.provideService(self, CurrentTurns, own)),
        Effect.as(passBesides(duration, own.waitedMillis), Option.none()),
      ),
      (answer): Effect.Effect<A | A2, E2, R2> => (Option.isNone(answer) ? orElse() : Effect.succeed(answer.value)),
    ),
  )

/** Completes when the time has passed, and as much more as was spent waiting. */
const passBesides = Effect.fnUntraced(function* (duration: Duration.Duration, waitedMillis: () => number) {
  let counted = 0
  let left = Duration.toMillis(duration)
  while (left > 0) {
    yield* RunningTime.pass(Duration.millis(Math.max(left, leastMillis)))
    const waited = waitedMillis()
    left = waited - counted
    counted = waited
  }
})

/** Shorter looks at the clock would be many, while a request waits. */
const leastMillis = 50

/** The same turns, with a stopwatch that starts now. */
const ownTurns = (turns: RequestTurns): Effect.Effect<RequestTurns> =>
  Effect.map(makeStopwatch, (stopwatch) => ({ ...turns, ...stopwatch, next: stopwatch.waiting(turns.next) }))

/** Measures the time in which anything waits. */
export const makeStopwatch: Effect.Effect<Pick<RequestTurns, "waitedMillis" | "waiting">> = Clock.clockWith((clock) =>
  Effect.sync(() => {
    const now = () => RunningTime.monotonicMillis(clock)
    let waited = 0
    let waiting = 0
    let since = 0
    return {
      waitedMillis: () => waited + (waiting === 0 ? 0 : now() - since),
      waiting: (effect) =>
        Effect.suspend(() => {
          if (waiting === 0) since = now()
          waiting += 1
          return Effect.ensuring(
            effect,
            Effect.sync(() => {
              waiting -= 1
              if (waiting === 0) waited += now() - since
            }),
          )
        }),
    }
  }),
)
