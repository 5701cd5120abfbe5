import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { driftFlags, failIfDrifted, selectionOf } from "../looking/driftFlags.ts"
import { resourceFailure } from "../looking/resourceFlags.ts"
import { withJsonError } from "../printResult.ts"
import { runOnAgent } from "../runOnAgent.ts"

const repair = Flag.Boolean("repair").pipe(
  Flag.withDescription("Then set back what differs in resources whose document says drift: repair"),
  Flag.withDefault(false),
)

export const sync = Command.make("sync", { ...driftFlags, repair }, (flags) =>
  Effect.gen(function* () {
    const selection = yield* withJsonError(flags.json, "sync")(selectionOf(flags))
    const result = yield* runOnAgent(
      "sync",
      flags,
      (agent) => agent.sync({ ...selection, repair: flags.repair }),
      resourceFailure,
    )
    yield* failIfDrifted(flags, result)
  }),
).pipe(
  Command.withDescription(
    "Read what exists, record it beside what is wanted, and show what differs. Changes nothing at a provider without --repair",
  ),
  Command.withExamples([
    { command: "formae sync", description: "Read the resources of all documents in the state" },
    { command: "formae sync --repair", description: "And set back what a document wants repaired" },
    { command: "formae sync network --label web", description: "Read one resource" },
  ]),
)
