import * as Command from "effect/cli/Command"
import { documentCommand } from "../documentCommand.ts"

export const apply = documentCommand("apply", (agent, forma, observe) => agent.apply(forma, observe)).pipe(
  Command.withDescription("Make the world as a forma wants it: create, update, replace and delete what differs"),
  Command.withExamples([{ command: "formae apply network.yaml", description: "Apply a forma" }]),
)
