import * as Command from "effect/cli/Command"
import { Store } from "../../agent/index.ts"
import { documentCommand } from "../documentCommand.ts"

export const plan = documentCommand("plan", (agent, forma) => agent.plan(forma), Store.layerFileToRead).pipe(
  Command.withDescription("Say what an apply would do, and change nothing"),
  Command.withExamples([{ command: "formae plan network.yaml --json", description: "A plan for a program" }]),
)
