import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { Agent } from "../../agent/index.ts"
import { refused } from "../agentFailures.ts"
import { openStateToRead } from "../openState.ts"
import { layerAgent } from "../layerAgent.ts"
import { formatReport } from "../looking/formatReport.ts"
import { forma, label, resourceFailure, resourceNameOf } from "../looking/resourceFlags.ts"
import { printJson, printLines, stdoutWidth } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { agentFlags } from "../SharedFlags.ts"

export const show = Command.make("show", { label, forma, ...agentFlags }, (flags) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const resource = yield* Effect.mapError(agent.show(resourceNameOf(flags)), resourceFailure)
    yield* flags.json
      ? printJson({ command: "show", status: "succeeded", resource })
      : printLines(formatReport(resource, yield* stdoutWidth))
  }).pipe(
    Effect.provide(layerAgent(flags, { openStore: openStateToRead })),
    Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    withJsonError(flags.json, "show"),
  ),
).pipe(
  Command.withDescription(
    "Show what the state knows of a resource: what is wanted, what was last read, its outputs, what was done and what is open. Asks no provider",
  ),
  Command.withExamples([
    { command: "formae show net", description: "Look at the resource with the label net" },
    {
      command: "formae show net --forma shop --json",
      description: "The same as JSON, where several documents have a net",
    },
  ]),
)
