/** What watches a command from outside: it must not hold the state when it hangs, and is asked only once. */
import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { ChangeEvent } from "../apply/ChangeEvent.ts"
import type { CommandOptions } from "./CommandOptions.ts"

/**
 * Runs a command whose observer has a queue and a fiber of its own. Once the
 * command has ended, and nothing of it is held any more, waits until the
 * observer has observed all events; that can be interrupted. `stopWhen` is run
 * once, however many commands are resumed.
 */
export const withWatch = <A, E>(
  options: CommandOptions,
  run: (options: CommandOptions) => Effect.Effect<A, E, Scope.Scope>,
): Effect.Effect<A, E> =>
  Effect.scoped(
    Effect.gen(function* () {
      const stopWhen = options.stopWhen && (yield* once(options.stopWhen))
      const { observe } = options
      if (observe === undefined) return yield* Effect.scoped(run({ ...options, stopWhen }))
      const queue = yield* Queue.unbounded<ChangeEvent, Cause.Done>()
      const observing = yield* Effect.forkScoped(
        Stream.runForEach(Stream.fromQueue(queue), observe).pipe(
          Effect.catchCause((cause) =>
            Effect.logError("An observer of a command failed, and gets no more events", cause),
          ),
        ),
      )
      const offer = (event: ChangeEvent) => Effect.asVoid(Queue.offer(queue, event))
      const result = yield* Effect.result(Effect.scoped(run({ ...options, observe: offer, stopWhen })))
      yield* Queue.end(queue)
      yield* Fiber.await(observing)
      return yield* Effect.fromResult(result)
    }),
  )

/** Runs an effect now, and gives one that many can wait for. */
const once = (effect: Effect.Effect<unknown>): Effect.Effect<Effect.Effect<void>, never, Scope.Scope> =>
  Effect.suspend(() => {
    const done = Deferred.makeUnsafe<void>()
    const running = Effect.andThen(effect, Deferred.succeed(done, undefined))
    return Effect.as(Effect.forkScoped(running, { startImmediately: true }), Deferred.await(done))
  })
