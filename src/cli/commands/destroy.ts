import * as Command from "effect/cli/Command"
import { confirmedFlags, runDestroy } from "../documentCommand.ts"

export const destroy = Command.make("destroy", confirmedFlags, runDestroy).pipe(
  Command.withDescription("Delete all resources that were created from the document"),
  Command.withExamples([{ command: "formae destroy network.yaml", description: "Delete what apply created" }]),
)
