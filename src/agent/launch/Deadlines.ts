/**
 * One limit for many calls, kept by one fiber. Most calls end in time, and a
 * timer and a second fiber for each would cost more than the call.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { graceOf, makeTick, monotonicMillis, type Tick, tickMillis } from "../../transport/RunningTime.ts"

export interface Deadlines {
  /** Runs `call` to its end. When the limit has passed, interrupts it and runs `orElse`. */
  readonly within: <A, E, E2>(
    call: Effect.Effect<A, E>,
    orElse: () => Effect.Effect<never, E2>,
  ) => Effect.Effect<A, E | E2>
}

interface Waiting {
  endsAt: number
  readonly expire: () => void
}

/** Calls are watched as long as the scope is open. */
export const makeDeadlines = Effect.fnUntraced(function* (
  limit: Duration.Duration,
): Effect.fn.Return<Deadlines, never, Scope.Scope> {
  const millis = Duration.toMillis(limit)
  const scope = yield* Effect.scope
  const context = yield* Effect.context<never>()
  const clock = yield* Clock.Clock
  /** Sorted by deadline. That is the order of arrival, because all have the same limit. */
  const waiting = new Set<Waiting>()
  let watched = false
  const tick = makeTick()
  const now = () => monotonicMillis(clock)

  /** What began before this process stopped gets that time back. */
  const postpone = (before: number, { isExcused, late }: Tick) => {
    const least = isExcused ? now() + graceOf(millis) : 0
    for (const one of waiting) {
      if (one.endsAt - millis <= before) one.endsAt = Math.max(one.endsAt + late, least)
    }
  }

  const watch = Effect.gen(function* () {
    while (true) {
      const [first] = waiting
      if (first === undefined) break
      const before = now()
      const ticked = yield* tick(Math.min(Math.max(first.endsAt - before, 0), tickMillis))
      if (ticked.late > 0) postpone(before, ticked)
      const reached = now()
      for (const one of waiting) {
        if (one.endsAt > reached) break
        waiting.delete(one)
        one.expire()
      }
    }
    watched = false
  })

  const startWatch = Effect.suspend(() => {
    if (watched) return Effect.void
    watched = true
    return Effect.forkIn(Effect.provideContext(watch, context), scope)
  })

  return {
    within: <A, E, E2>(call: Effect.Effect<A, E>, orElse: () => Effect.Effect<never, E2>) =>
      Effect.flatMap(Effect.forkChild(call, { startImmediately: true }), (fiber): Effect.Effect<A, E | E2> => {
        const exit = fiber.pollUnsafe()
        if (exit !== undefined) return exit
        const ended = Effect.callback<A, E | E2>((resume) => {
          const one: Waiting = {
            endsAt: now() + millis,
            expire: () => resume(Effect.andThen(Fiber.interrupt(fiber), orElse())),
          }
          waiting.add(one)
          fiber.addObserver((exit) => {
            waiting.delete(one)
            resume(exit)
          })
          return Effect.suspend(() => {
            waiting.delete(one)
            return Fiber.interrupt(fiber)
          })
        })
        return watched ? ended : Effect.andThen(startWatch, ended)
      }),
  }
})
