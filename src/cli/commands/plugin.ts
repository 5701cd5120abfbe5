import * as Command from "effect/cli/Command"
import { initPlugin } from "./initPlugin.ts"
import { testPlugin } from "./testPlugin.ts"

export const plugin = Command.make("plugin").pipe(
  Command.withDescription("For authors of plugins: begin one, and test whether it does what the protocol says"),
  Command.withSubcommands([initPlugin, testPlugin]),
)
