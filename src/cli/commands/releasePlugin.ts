import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { badInput } from "../CommandFailure.ts"
import { printLast } from "../Outputs.ts"
import { listQuarantines, removeQuarantine } from "../QuarantineRecords.ts"
import { config, state } from "../SharedFlags.ts"

const name = Argument.String("name").pipe(Argument.withDescription("The plugin's name, as `formae plugins` lists it"))

export const releasePlugin = Command.make("release", { name, state, config }, (flags) =>
  Effect.gen(function* () {
    const stateFile = stateFileOf(flags, yield* readConfig(flags.config))
    const quarantined = (yield* listQuarantines(stateFile)).map(({ plugin }) => plugin)
    if (!quarantined.includes(flags.name)) {
      const others = quarantined.length === 0 ? "no plugin is" : `quarantined plugins: ${quarantined.join(", ")}`
      return yield* badInput("PluginNotQuarantined", `The plugin ${flags.name} is not quarantined; ${others}`)
    }
    yield* removeQuarantine(stateFile, flags.name)
    yield* printLast(`The plugin ${flags.name} was released: the next command that needs it will start it`)
  }),
).pipe(Command.withDescription("End the quarantine of a plugin that was restarted too often"))
