import * as Command from "effect/cli/Command"
import { confirmedFlags, runApply } from "../documentCommand.ts"
import { only } from "../SharedFlags.ts"

export const apply = Command.make("apply", { ...confirmedFlags, only }, runApply).pipe(
  Command.withDescription("Create, update, replace and delete resources until they are as the document says"),
  Command.withExamples([
    { command: "formae apply network.yaml", description: "Apply a document" },
    { command: "formae apply network.plan", description: "Do what a saved plan shows, if nothing has changed since" },
    { command: "formae apply network.yaml --only net", description: "Apply one of its resources, and what it needs" },
    { command: "formae apply network.yaml --yes", description: "Apply it without a question" },
  ]),
)
