/** Which commands of one agent may run side by side. For now it is one at a time. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { AgentProcesses } from "./AgentProcesses.ts"
import { StateInUse } from "./StateInUse.ts"

/** What a command does while another command of the same agent is running: it waits for its end, or fails with `StateInUse`. */
export type WhenInUse = "wait" | "refuse"

/** Lets the commands of one agent take turns. Those of other agents are kept apart by `CommandLock`. */
export class Claims extends Context.Service<
  Claims,
  {
    /** Claims the state for a command until the scope closes. */
    readonly claim: (whenInUse: WhenInUse) => Effect.Effect<void, StateInUse, Scope.Scope>
  }
>()("formae/agent/records/Claims") {
  /** One command at a time, whichever document it is about. */
  static readonly layerNoDeps = Layer.effect(
    Claims,
    Effect.gen(function* () {
      const processes = yield* AgentProcesses
      const turn = yield* Semaphore.make(1)
      let since = 0

      /** Takes the turn if it is free. Uninterruptible, so that no turn is lost between taking it and the scope. */
      const takeIfFree = Effect.acquireRelease(
        Effect.flatMap(turn.takeIfAvailable(1), (isTaken) =>
          isTaken ? Effect.void : Effect.fail(new StateInUse({ pid: processes.pid, since, isThisAgent: true })),
        ),
        () => turn.release(1),
      )

      return Claims.of({
        claim: Effect.fnUntraced(function* (whenInUse) {
          yield* whenInUse === "wait" ? turn.takeScoped(1) : takeIfFree
          since = yield* Clock.currentTimeMillis
        }),
      })
    }),
  )

  /** The same, with the processes of this host. */
  static readonly layer: Layer.Layer<Claims> = this.layerNoDeps.pipe(Layer.provide(AgentProcesses.layer))
}
