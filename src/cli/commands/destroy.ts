import * as Command from "effect/cli/Command"
import { confirmedCommand } from "../documentCommand.ts"

export const destroy = confirmedCommand("destroy", (agent, forma, options) => agent.destroy(forma, options)).pipe(
  Command.withDescription("Delete all resources that were created from the document"),
  Command.withExamples([{ command: "formae destroy network.yaml", description: "Delete what apply created" }]),
)
