/** What commands that change something share: progress on stderr, Ctrl-C, the result and its exit code. */
import * as Effect from "effect/Effect"
import type { ChangeObserver } from "../agent/apply/ChangeEvent.ts"
import { Agent, type CommandName, type CommandResult, type Store } from "../agent/index.ts"
import { badInput, CommandEnded } from "./CommandFailure.ts"
import { type HostFlags, layerAgent } from "./layerAgent.ts"
import { Interruption, interruptible } from "./Interruption.ts"
import { orRefusal, printResult } from "./printResult.ts"
import { withProgress } from "./withProgress.ts"

interface Failure {
  readonly _tag: string
  readonly message: string
}

/** Runs `run` on the agent that the flags say, and prints what came of it. */
export const changingCommand = <E extends Failure>(
  name: CommandName,
  flags: HostFlags & { readonly json: boolean },
  run: (agent: Agent["Service"], observe: ChangeObserver) => Effect.Effect<CommandResult, E>,
  refusalOf: (error: E) => CommandEnded,
  openStore?: typeof Store.layerFile,
) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const interruption = yield* Interruption
    const underWay = new Set<string>()
    const commandIds = new Set<string>()
    const stopAll = Effect.suspend(() => Effect.forEach(commandIds, agent.stop, { discard: true }))
    const watched =
      (observe: ChangeObserver): ChangeObserver =>
      (event) => {
        if (event._tag === "Began") commandIds.add(event.commandId)
        if (event._tag === "Started") underWay.add(event.change.label)
        if (event._tag === "Finished") underWay.delete(event.result.label)
        const stop = event._tag === "Began" && interruption.isRequested() ? stopAll : Effect.void
        return Effect.andThen(stop, observe(event))
      }
    yield* Effect.forkScoped(Effect.andThen(interruption.requested, stopAll))
    return yield* interruptible(
      () => [...underWay],
      withProgress((observe) => Effect.mapError(run(agent, watched(observe)), refusalOf)),
    )
  }).pipe(
    Effect.scoped,
    Effect.provide(layerAgent(flags, openStore)),
    Effect.mapError((error) => (error instanceof CommandEnded ? error : badInput(error._tag, error.message))),
    Effect.flatMap(printResult(flags.json)),
    orRefusal(flags.json, name),
  )
