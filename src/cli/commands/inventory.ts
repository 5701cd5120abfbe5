import * as Command from "effect/cli/Command"
import { Store } from "../../agent/index.ts"
import { failed } from "../agentFailures.ts"
import { runOnAgent } from "../runOnAgent.ts"
import { agentFlags } from "../SharedFlags.ts"

export const inventory = Command.make("inventory", agentFlags, (flags) =>
  runOnAgent("inventory", flags, (agent) => agent.inventory, failed, Store.layerFileToRead),
).pipe(Command.withDescription("List the resources that exist, as formae last saw them"))
