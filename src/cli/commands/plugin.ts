import * as Command from "effect/cli/Command"
import { testPlugin } from "./testPlugin.ts"

export const plugin = Command.make("plugin").pipe(
  Command.withDescription("For authors of plugins: test whether one does what the protocol says"),
  Command.withSubcommands([testPlugin]),
)
