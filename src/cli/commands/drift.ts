import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { driftFlags, failIfDrifted, selectionOf } from "../looking/driftFlags.ts"
import { resourceFailure } from "../looking/resourceFlags.ts"
import { openStateToRead } from "../openState.ts"
import { withJsonError } from "../printResult.ts"
import { runOnAgent } from "../runOnAgent.ts"

export const drift = Command.make("drift", driftFlags, (flags) =>
  Effect.gen(function* () {
    const selection = yield* withJsonError(flags.json, "drift")(selectionOf(flags))
    const options = { openStore: openStateToRead }
    const result = yield* runOnAgent("drift", flags, (agent) => agent.drift(selection), resourceFailure, options)
    yield* failIfDrifted(flags, result)
  }),
).pipe(
  Command.withDescription(
    "Show what was not as wanted when it was last read, and since when. Asks no provider; formae sync reads again",
  ),
  Command.withExamples([
    { command: "formae drift network", description: "The resources of one document, by its name or its file" },
    { command: "formae drift --detailed-exitcode", description: "Tell by the exit code whether something differs" },
  ]),
)
