import * as Command from "effect/cli/Command"
import { changingCommand } from "../runOnAgent.ts"
import { config, forma, json, openLabel, plugins, state } from "../SharedFlags.ts"
import { named, refusedSettlement } from "../OpenOperation.ts"

export const forget = Command.make("forget", { label: openLabel, forma, json, state, plugins, config }, (flags) =>
  changingCommand("forget", flags, (agent) => agent.forget(named(flags)), refusedSettlement),
).pipe(
  Command.withDescription("Settle an operation that needs attention: it made nothing, or need not be known any more"),
  Command.withExamples([{ command: "formae forget old", description: "It was not made: the next apply makes it" }]),
)
