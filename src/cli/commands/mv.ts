import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { forma, resourceFailure, resourceNameOf } from "../looking/resourceFlags.ts"
import { runOnAgent } from "../runOnAgent.ts"
import { agentFlags } from "../SharedFlags.ts"

const label = Argument.String("old").pipe(Argument.withDescription("The label that the resource has"))
const to = Argument.String("new").pipe(Argument.withDescription("The label that it gets"))

export const mv = Command.make("mv", { label, to, forma, ...agentFlags }, (flags) =>
  runOnAgent("mv", flags, (agent) => agent.move(resourceNameOf(flags), flags.to), resourceFailure),
).pipe(
  Command.withDescription(
    "Give a resource another label in the state. The provider is not asked. Change the label in the document too, and a plan has nothing to do",
  ),
  Command.withExamples([
    { command: "formae mv net network", description: "Before you rename net to network in the document" },
  ]),
)
