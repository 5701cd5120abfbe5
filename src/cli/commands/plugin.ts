import * as Command from "effect/cli/Command"
import { initPlugin } from "./initPlugin.ts"
import { testPlugin } from "./testPlugin.ts"

export const plugin = Command.make("plugin").pipe(
  Command.withDescription("For plugin authors: create a plugin project, and test a plugin against the protocol"),
  Command.withSubcommands([initPlugin, testPlugin]),
)
