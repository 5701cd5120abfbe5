import * as Command from "effect/cli/Command"
import { failed } from "../CommandFailure.ts"
import { runOnAgent } from "../runOnAgent.ts"
import { agentFlags } from "../SharedFlags.ts"

export const resume = Command.make("resume", agentFlags, (flags) =>
  runOnAgent("resume", flags, (agent, options) => agent.resume(options), failed),
).pipe(
  Command.withDescription("Continue the commands that were cut off or canceled; finished work is not repeated"),
  Command.withExamples([{ command: "formae resume", description: "After a crash, a power cut, or Ctrl-C" }]),
)
