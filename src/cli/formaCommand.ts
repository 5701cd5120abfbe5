/** The shape that `apply`, `plan` and `destroy` share: a forma in, a result out. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import {
  Agent,
  type ChangeObserver,
  type CommandName,
  type CommandRefused,
  type CommandResult,
  type Forma,
  StopRequest,
} from "../agent/index.ts"
import { badInput, CommandEnded } from "./CommandEnded.ts"
import { config, file, json, plugins, state } from "./flags.ts"
import { readFormaFile } from "./FormaFile.ts"
import { layerAgent } from "./host.ts"
import { Interruption, interruptible } from "./Interruption.ts"
import { orRefusal, printResult, refusalOf } from "./output.ts"
import { withProgress } from "./Progress.ts"

type Run = (
  agent: Agent["Service"],
  forma: Forma,
  observe: ChangeObserver,
) => Effect.Effect<CommandResult, CommandRefused>

export const formaCommand = <const Name extends CommandName>(name: Name, run: Run) =>
  Command.make(name, { file, json, state, plugins, config }, (flags) =>
    Effect.gen(function* () {
      const forma = yield* readFormaFile(flags.file)
      const result = yield* Effect.gen(function* () {
        const agent = yield* Agent
        const interruption = yield* Interruption
        const underWay = new Set<string>()
        const watched =
          (observe: ChangeObserver): ChangeObserver =>
          (event) => {
            if (event._tag === "Started") underWay.add(event.change.label)
            if (event._tag === "Finished") underWay.delete(event.result.label)
            return observe(event)
          }
        return yield* interruptible(
          () => [...underWay],
          withProgress((observe) => run(agent, forma.forma, watched(observe))),
        ).pipe(Effect.provideService(StopRequest, { isMade: () => interruption.requested }))
      }).pipe(
        Effect.provide(layerAgent(flags)),
        Effect.mapError((error) => {
          if (error instanceof CommandEnded) return error
          return error._tag === "StoreUnavailable" ? badInput(error._tag, error.message) : refusalOf(forma)(error)
        }),
      )
      yield* printResult(flags.json)(result)
    }).pipe(orRefusal(flags.json, name)),
  )
