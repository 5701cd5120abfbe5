import * as Command from "effect/cli/Command"
import { confirmedCommand } from "../documentCommand.ts"

export const apply = confirmedCommand("apply", (agent, forma, options) => agent.apply(forma, options)).pipe(
  Command.withDescription("Create, update, replace and delete resources until they are as the document says"),
  Command.withExamples([
    { command: "formae apply network.yaml", description: "Apply a document" },
    { command: "formae apply network.plan", description: "Do what a saved plan shows, if nothing has changed since" },
    { command: "formae apply network.yaml --yes", description: "Apply it without a question" },
  ]),
)
