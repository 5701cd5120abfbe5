import * as Command from "effect/cli/Command"
import { changingCommand } from "../runOnAgent.ts"
import { failed } from "../CommandFailure.ts"
import { config, json, plugins, state } from "../SharedFlags.ts"

export const resume = Command.make("resume", { json, state, plugins, config }, (flags) =>
  changingCommand("resume", flags, (agent, observe) => agent.resume(observe), failed),
).pipe(
  Command.withDescription("Go on with what was cut off or canceled: what is done is not done again"),
  Command.withExamples([{ command: "formae resume", description: "After a crash, a power cut, or Ctrl-C" }]),
)
