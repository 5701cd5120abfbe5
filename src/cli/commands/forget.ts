import * as Command from "effect/cli/Command"
import { forma, label, nameOf, settleFailure } from "../OpenOperation.ts"
import { runOnAgent } from "../runOnAgent.ts"
import { agentFlags } from "../SharedFlags.ts"

export const forget = Command.make("forget", { label, forma, ...agentFlags }, (flags) =>
  runOnAgent("forget", flags, (agent) => agent.forget(nameOf(flags)), settleFailure),
).pipe(
  Command.withDescription("Settle an operation that needs attention: it made nothing, or need not be known any more"),
  Command.withExamples([{ command: "formae forget old", description: "It was not made: the next apply makes it" }]),
)
