import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { failed } from "../agentFailures.ts"
import { withJsonError } from "../printResult.ts"
import { selectionOf, target } from "../ResumeTarget.ts"
import { runOnAgent } from "../runOnAgent.ts"
import { agentFlags } from "../SharedFlags.ts"

export const resume = Command.make("resume", { target, ...agentFlags }, (flags) =>
  Effect.gen(function* () {
    const selection = yield* withJsonError(flags.json, "resume")(selectionOf(flags.target))
    yield* runOnAgent("resume", flags, (agent, options) => agent.resume({ ...options, ...selection }), failed)
  }),
).pipe(
  Command.withDescription(
    "Continue what was cut off or canceled: all of it, or that of one document; lists it first. Finished work is not repeated",
  ),
  Command.withExamples([
    { command: "formae resume network", description: "After a crash, a power cut, or Ctrl-C during network.yaml" },
    { command: "formae resume", description: "The same for all documents in the state" },
  ]),
)
