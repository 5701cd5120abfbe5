/** The loops of whoever answers with effects, and the scope that it lives in. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import type { Contestant } from "./Contestant.ts"

export interface EffectContestant {
  readonly pid: number
  /** One call, whose answer has been checked. */
  readonly read: Effect.Effect<void>
  readonly create?: Effect.Effect<void>
  readonly killAndAsk?: Effect.Effect<void>
}

const repeated = (effect: Effect.Effect<void>, times: number): Effect.Effect<void> => {
  let done = 0
  return Effect.whileLoop({
    while: () => done < times,
    body: () => effect,
    step: () => {
      done += 1
    },
  })
}

export const startEffect = async (
  make: Effect.Effect<EffectContestant, never, NodeServices.NodeServices | Scope.Scope>,
): Promise<Contestant> => {
  const scope = Scope.makeUnsafe()
  const { create, killAndAsk, pid, read } = await Effect.runPromise(
    make.pipe(
      Effect.tap((made) => made.read),
      Effect.provideService(Scope.Scope, scope),
      Effect.provide([NodeServices.layer, Logger.layer([])]),
    ),
  )
  return {
    pid,
    oneAfterAnother: (calls) => Effect.runPromise(repeated(read, calls)),
    inFlight: (calls, atOnce) =>
      Effect.runPromise(
        Effect.forEach(
          Array.from({ length: atOnce }),
          () => Effect.suspend(() => repeated(read, Math.ceil(calls / atOnce))),
          { concurrency: "unbounded", discard: true },
        ),
      ),
    ...(create !== undefined && { large: (calls: number) => Effect.runPromise(repeated(create, calls)) }),
    ...(killAndAsk !== undefined && { killAndAsk: () => Effect.runPromise(killAndAsk) }),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}
