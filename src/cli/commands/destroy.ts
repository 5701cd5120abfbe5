import * as Command from "effect/cli/Command"
import { documentCommand } from "../documentCommand.ts"

export const destroy = documentCommand("destroy", (agent, forma, observe) => agent.destroy(forma.name, observe)).pipe(
  Command.withDescription("Delete all that a forma has made"),
  Command.withExamples([{ command: "formae destroy network.yaml", description: "Remove what apply made" }]),
)
