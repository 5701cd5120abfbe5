import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { confirmedFlags, runApply } from "../documentCommand.ts"
import { only } from "../SharedFlags.ts"

const acceptDrift = Flag.String("accept-drift").pipe(
  Flag.withMetavar("LABEL"),
  Flag.withDescription(
    "Overwrite what was changed elsewhere in this resource, although its document says drift: ask; may be repeated",
  ),
  Flag.atLeast(0),
)

export const apply = Command.make("apply", { ...confirmedFlags, only, acceptDrift }, runApply).pipe(
  Command.withDescription("Create, update, replace and delete resources until they are as the document says"),
  Command.withExamples([
    { command: "formae apply network.yaml", description: "Apply a document" },
    { command: "formae apply network.plan", description: "Do what a saved plan shows, if nothing has changed since" },
    { command: "formae apply network.yaml --only net", description: "Apply one of its resources, and what it needs" },
    { command: "formae apply network.yaml --yes", description: "Apply it without a question" },
  ]),
)
