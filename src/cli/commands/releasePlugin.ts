import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { badInput } from "../CommandFailure.ts"
import { config, state } from "../SharedFlags.ts"
import { quarantinesOf, releaseFrom } from "../QuarantineRecords.ts"

const name = Argument.String("name").pipe(Argument.withDescription("The plugin's name, as `formae plugins` tells it"))

export const releasePlugin = Command.make(
  "release",
  { name, state, config },
  Effect.fnUntraced(function* (flags) {
    const held = (yield* quarantinesOf(flags)).map(({ plugin }) => plugin)
    if (!held.includes(flags.name)) {
      const others = held.length === 0 ? "none is" : `those are: ${held.join(", ")}`
      return yield* badInput("PluginNotQuarantined", `The plugin ${flags.name} is not quarantined; ${others}`)
    }
    yield* releaseFrom(flags, flags.name)
    yield* Console.log(`The plugin ${flags.name} is released: the next command that needs it starts it`)
  }),
).pipe(Command.withDescription("End the quarantine of a plugin that was restarted too often"))
