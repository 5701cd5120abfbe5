import * as Command from "effect/cli/Command"
import { Store } from "../../agent/index.ts"
import { documentCommand } from "../documentCommand.ts"

export const plan = documentCommand("plan", (agent, ...args) => agent.plan(...args), Store.layerFileToRead).pipe(
  Command.withDescription("Show what an apply would do, without changing anything"),
  Command.withExamples([{ command: "formae plan network.yaml --json", description: "Print the plan as JSON" }]),
)
