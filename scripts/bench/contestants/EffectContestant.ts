/** A contestant whose calls are effects. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import type { Contestant } from "./Contestant.ts"

export interface EffectContestant {
  /** The process that answers. */
  readonly pid: number
  /** One small call. Its answer has been checked. */
  readonly read: Effect.Effect<void>
  /** One large call. Its answer has been checked. */
  readonly create?: Effect.Effect<void>
  /** Kills the process that answers, and calls until there is an answer again. */
  readonly killAndAsk?: Effect.Effect<void>
}

const repeat = (effect: Effect.Effect<void>, times: number): Effect.Effect<void> => {
  let done = 0
  return Effect.whileLoop({
    while: () => done < times,
    body: () => effect,
    step: () => {
      done += 1
    },
  })
}

/** Makes the contestant in a scope of its own, which its `close` closes. Completes with the first answer. */
export const startEffectContestant = async (
  make: Effect.Effect<EffectContestant, never, NodeServices.NodeServices | Scope.Scope>,
): Promise<Contestant> => {
  const scope = Scope.makeUnsafe()
  const { create, killAndAsk, pid, read } = await Effect.runPromise(
    make.pipe(
      Effect.tap(({ read }) => read),
      Effect.provideService(Scope.Scope, scope),
      Effect.provide([NodeServices.layer, Logger.layer([])]),
    ),
  )
  return {
    pid,
    oneAfterAnother: (calls) => Effect.runPromise(repeat(read, calls)),
    inFlight: (calls, atOnce) =>
      Effect.runPromise(
        Effect.forEach(
          Array.from({ length: atOnce }),
          () => Effect.suspend(() => repeat(read, Math.ceil(calls / atOnce))),
          { concurrency: "unbounded", discard: true },
        ),
      ),
    ...(create !== undefined && { large: (calls: number) => Effect.runPromise(repeat(create, calls)) }),
    ...(killAndAsk !== undefined && { killAndAsk: () => Effect.runPromise(killAndAsk) }),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}
