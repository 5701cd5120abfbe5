import * as Command from "effect/cli/Command"
import { runOnAgent } from "../runOnAgent.ts"
import { forma, label, nameOf, settleFailure } from "../SettlementFlags.ts"
import { agentFlags } from "../SharedFlags.ts"

export const forget = Command.make("forget", { label, forma, ...agentFlags }, (flags) =>
  runOnAgent("forget", flags, (agent) => agent.forget(nameOf(flags)), settleFailure),
).pipe(
  Command.withDescription(
    "Settle an operation that needs attention: nothing was created, or formae should not track it",
  ),
  Command.withExamples([
    { command: "formae forget old", description: "It was not created: the next apply will create it" },
  ]),
)
