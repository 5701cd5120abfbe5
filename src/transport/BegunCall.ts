/**
 * Calls that can be begun without a fiber of their own: a function waits for the
 * answer. So what watches a call, for its time limit say, needs no fiber either.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

const key = Symbol("formae/transport/BegunCall")

/**
 * Begins a call for a caller. `onEnd` gets the answer once, perhaps before this
 * returns. The result gives the call up, and then there is no answer.
 */
export type Begin<A, E> = (
  onEnd: (answer: Effect.Effect<A, E>) => void,
  caller: Fiber.Fiber<unknown, unknown>,
) => Effect.Effect<void>

interface Call<A, E> extends Effect.Effect<A, E> {
  readonly [key]: Begin<A, E>
}

/** A call as an effect. */
export const makeCall = <A, E>(begin: Begin<A, E>): Effect.Effect<A, E> =>
  Object.assign(
    Effect.withFiber<A, E>((caller) => Effect.callback((resume) => begin(resume, caller))),
    { [key]: begin },
  )

const isCall = <A, E>(effect: Effect.Effect<A, E>): effect is Call<A, E> => key in effect

/** What the one who has begun an effect wants to hear. */
export interface Beginner<A, E> {
  /** Gets the answer once. */
  readonly onEnd: (answer: Effect.Effect<A, E>) => void
  /** Gets what gives the effect up, before anything of it can lead to that. */
  readonly onBegun: (giveUp: Effect.Effect<void>) => void
}

/** Begins an effect. Only one that is not a call takes a fiber. */
export const beginCall = <A, E>(
  effect: Effect.Effect<A, E>,
  caller: Fiber.Fiber<unknown, unknown>,
  { onBegun, onEnd }: Beginner<A, E>,
): void => {
  if (isCall(effect)) return onBegun(effect[key](onEnd, caller))
  let givenUp = false
  const begun = Effect.withFiber<A, E>((fiber) => {
    onBegun(
      Effect.suspend(() => {
        givenUp = true
        return Fiber.interrupt(fiber)
      }),
    )
    return effect
  })
  Effect.runForkWith(caller.context)(begun).addObserver((exit) => {
    if (!givenUp) onEnd(exit)
  })
}
