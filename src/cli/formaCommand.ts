/** The shape that `apply`, `plan` and `destroy` share: a forma in, a result out. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { Agent, type ChangeObserver, type CommandRefused, type CommandResult, type Forma } from "../agent/index.ts"
import { CommandEnded, failed } from "./CommandEnded.ts"
import { config, file, json, plugins, state } from "./flags.ts"
import { readFormaFile } from "./FormaFile.ts"
import { layerAgent } from "./host.ts"
import { printResult, refusalOf } from "./output.ts"
import { withProgress } from "./Progress.ts"

type Run = (
  agent: Agent["Service"],
  forma: Forma,
  observe: ChangeObserver,
) => Effect.Effect<CommandResult, CommandRefused>

export const formaCommand = <const Name extends string>(name: Name, run: Run) =>
  Command.make(
    name,
    { file, json, state, plugins, config },
    Effect.fnUntraced(function* (flags) {
      const forma = yield* readFormaFile(flags.file)
      const result = yield* Effect.gen(function* () {
        const agent = yield* Agent
        return yield* withProgress((observe) => run(agent, forma.forma, observe))
      }).pipe(
        Effect.provide(layerAgent(flags)),
        Effect.mapError((error) => {
          if (error instanceof CommandEnded) return error
          return error._tag === "StoreUnavailable" ? failed(error.message) : refusalOf(forma)(error)
        }),
      )
      yield* printResult(flags.json)(result)
    }),
  )
