import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { Store } from "../../agent/index.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { documentCommandFlags, runWithDocument } from "../documentCommand.ts"
import { happeningOf } from "../happenings.ts"

const detailedExitcode = Flag.Boolean("detailed-exitcode").pipe(
  Flag.withDescription(
    `End with ${exitCodes.changes} where an apply would do something, and with 0 where it would not`,
  ),
  Flag.withDefault(false),
)

export const plan = Command.make("plan", { ...documentCommandFlags, detailedExitcode }, (flags) =>
  Effect.gen(function* () {
    const { resources } = yield* runWithDocument(
      "plan",
      flags,
      (agent, forma, options) => agent.plan(forma, options),
      Store.layerFileToRead,
    )
    if (flags.detailedExitcode && resources.some((one) => happeningOf(one) !== "noop")) {
      return yield* new CommandFailure({ exitCode: exitCodes.changes, message: "" })
    }
  }),
).pipe(
  Command.withDescription("Show what an apply would do, without changing anything"),
  Command.withExamples([
    { command: "formae plan network.yaml --json", description: "Print the plan as JSON" },
    {
      command: "formae plan network.yaml --detailed-exitcode",
      description: "Tell by the exit code whether there is something to do",
    },
  ]),
)
