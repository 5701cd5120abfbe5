/** Numbers the calls of a plugin's handlers: in a launch, and over all of them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { OperationKind } from "../protocol/Operation.ts"
import type { HandlerCall } from "./aroundCalls.ts"
import { CurrentProcess } from "./CurrentProcess.ts"
import { makeCounter } from "./makeCounter.ts"

/** A call with its number. */
export interface NumberedCall extends HandlerCall {
  /** 1 for the first call of its kind in all launches of the plugin. Each layer of fake processes counts for itself. */
  readonly number: number
  /** 1 for the first call of its kind in its launch. */
  readonly numberInLaunch: number
  /** 1 for the first launch. */
  readonly launch: number
}

type Numbers = Pick<NumberedCall, "launch" | "number" | "numberInLaunch">

/** The call that is being made, if it is numbered already: faults around faults see the same numbers. */
const CurrentCall = Context.Reference<NumberedCall | undefined>("formae/testing/CurrentCall", {
  defaultValue: () => undefined,
})

/** Numbers the calls of one launch. `withFaults` adds it to the layer of a plugin. */
export class CallNumbers extends Context.Service<
  CallNumbers,
  {
    /** Gives `use` the call with its numbers. */
    readonly numbered: <A, E, R>(
      call: HandlerCall,
      use: (call: NumberedCall) => Effect.Effect<A, E, R>,
    ) => Effect.Effect<A, E, R>
  }
>()("formae/testing/CallNumbers") {
  /** In a fake process the counts outlive the launch. A plugin that is linked in has a single launch. */
  static readonly layer: Layer.Layer<CallNumbers> = Layer.effect(
    CallNumbers,
    Effect.map(CurrentProcess, (process) => {
      const count = makeCounter()
      const next = (kind: OperationKind): Effect.Effect<Numbers> =>
        process === undefined
          ? Effect.sync(() => {
              const number = count(kind)
              return { launch: 1, number, numberInLaunch: number }
            })
          : Effect.map(process.count(kind), ({ inAll, inProcess }) => ({
              launch: process.spawn.number,
              number: inAll,
              numberInLaunch: inProcess,
            }))
      return CallNumbers.of({
        numbered: Effect.fnUntraced(function* (call, use) {
          const current = yield* CurrentCall
          if (current !== undefined) return yield* use(current)
          const numbered = { ...call, ...(yield* next(call.kind)) }
          return yield* Effect.provideService(use(numbered), CurrentCall, numbered)
        }),
      })
    }),
  )
}
