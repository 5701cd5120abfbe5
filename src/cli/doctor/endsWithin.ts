import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/** `effect`, or `orElse` once the time has passed. What hangs in the system cannot be interrupted, so it is left behind. */
export const endsWithin =
  <A2, E2, R2>(millis: number, orElse: Effect.Effect<A2, E2, R2>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A | A2, E | E2, R | R2> =>
    Effect.flatMap(Effect.forkDetach(effect), (fiber) =>
      Fiber.join(fiber).pipe(
        Effect.timeoutOrElse({ duration: millis, orElse: () => orElse }),
        Effect.ensuring(Effect.sync(() => fiber.interruptUnsafe())),
      ),
    )
