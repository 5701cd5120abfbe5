/**
 * One limit for many calls, kept by one fiber. Most calls end in time, and a
 * timer and a second fiber for each would cost more than the call.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { beginCall } from "../../transport/BegunCall.ts"
import { graceOf, makeTick, monotonicMillis, type Tick, tickMillis } from "../../transport/RunningTime.ts"

export interface Deadlines {
  /**
   * Makes `call`, and then what `rest` says of its end. When the limit for both
   * has passed, interrupts what is being done and runs `orElse`.
   */
  readonly within: <A, E, B, E2, E3>(
    call: Effect.Effect<A, E>,
    rest: (end: Exit.Exit<A, E>) => Effect.Effect<B, E2>,
    orElse: () => Effect.Effect<never, E3>,
  ) => Effect.Effect<B, E2 | E3>
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

  const startWatch = () => {
    watched = true
    Effect.runForkWith(context)(Effect.forkIn(watch, scope))
  }

  const within: Deadlines["within"] = (call, rest, orElse) =>
    Effect.withFiber((caller) => {
      return Effect.callback<any, any>((resume) => {
        let giveUp: Effect.Effect<void> = Effect.void
        let steps = 0
        const one: Waiting = {
          endsAt: now() + millis,
          expire: () => resume(Effect.andThen(giveUp, orElse())),
        }
        const run = <A, E>(effect: Effect.Effect<A, E>, onExit: (exit: Exit.Exit<A, E>) => void): void => {
          if (Exit.isExit(effect)) return onExit(effect as Exit.Exit<A, E>)
          const step = ++steps
          beginCall(effect, caller, {
            onEnd: (answer) => run(answer, onExit),
            onBegun: (given) => {
              // It may have led to the next step already.
              if (step === steps) giveUp = given
            },
          })
        }
        const end = (exit: Exit.Exit<unknown, unknown>): void => {
          waiting.delete(one)
          resume(exit)
        }
        waiting.add(one)
        // Now that it waits: a watch that finds nobody ends.
        if (!watched) startWatch()
        run(call, (exit) => run(rest(exit), end))
        return Effect.suspend(() => {
          waiting.delete(one)
          return giveUp
        })
      })
    })

  return { within }
})
