import * as Command from "effect/cli/Command"
import { addPlugin } from "./addPlugin.ts"
import { initPlugin } from "./initPlugin.ts"
import { listPlugins } from "./listPlugins.ts"
import { removePlugin } from "./removePlugin.ts"
import { testPlugin } from "./testPlugin.ts"

export const plugin = Command.make("plugin").pipe(
  Command.withDescription(
    "Install and remove plugins; for their authors, create a plugin project and test it against the protocol",
  ),
  Command.withSubcommands([addPlugin, removePlugin, listPlugins, initPlugin, testPlugin]),
)
