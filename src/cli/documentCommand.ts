/** The shape that `apply`, `plan` and `destroy` share: a forma in, a result out. */
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import type { ChangeObserver } from "../agent/apply/ChangeEvent.ts"
import type { Agent, CommandName, CommandRefused, CommandResult, Forma, Store } from "../agent/index.ts"
import { changingCommand } from "./runOnAgent.ts"
import { config, file, json, plugins, state } from "./SharedFlags.ts"
import { readFormaFile } from "./DocumentFile.ts"
import { orRefusal, refusalOf } from "./printResult.ts"

type Run = (
  agent: Agent["Service"],
  forma: Forma,
  observe: ChangeObserver,
) => Effect.Effect<CommandResult, CommandRefused>

export const formaCommand = <const Name extends CommandName>(
  name: Name,
  run: Run,
  openStore?: typeof Store.layerFile,
) =>
  Command.make(name, { file, json, state, plugins, config }, (flags) =>
    Effect.gen(function* () {
      const forma = yield* orRefusal(flags.json, name)(readFormaFile(flags.file))
      yield* changingCommand(
        name,
        flags,
        (agent, observe) => run(agent, forma.forma, observe),
        refusalOf(forma),
        openStore,
      )
    }),
  )
