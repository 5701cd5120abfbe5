/** Applies a saved plan. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type AcceptedDrift, SavedPlans, SavedPlanUnusable } from "../../agent/index.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { refused } from "../agentFailures.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import type { DocumentFlags } from "../document/documentFlags.ts"
import { failureIn } from "../documentFailure.ts"
import { invalidFile } from "../InputFile.ts"
import { withJsonError } from "../printResult.ts"
import { type RunOptions, runOnAgent } from "../runOnAgent.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import { namedAgent } from "../staying/namedAgent.ts"
import { hasKey } from "./layerToSave.ts"

interface SavedPlanFlags extends AgentFlags, DocumentFlags {
  readonly file: string
  readonly movedHere: boolean
  readonly acceptDrift: AcceptedDrift
  readonly only: ReadonlyArray<string>
}

/** The flags that say something about a document. */
const documentFlagsIn = ({ env, movedHere, name, only, parameters, set }: SavedPlanFlags): ReadonlyArray<string> => [
  ...(set.length > 0 ? ["--set"] : []),
  ...(parameters.length > 0 ? ["--parameters"] : []),
  ...(Option.isSome(env) ? ["--env"] : []),
  ...(Option.isSome(name) ? ["--name"] : []),
  ...(movedHere ? ["--moved-here"] : []),
  ...(only.length > 0 ? ["--only"] : []),
]

/** A state without a key has locked nothing. It is not even made, then. */
const refuseAtOnce = Effect.fnUntraced(function* (flags: SavedPlanFlags) {
  const given = documentFlagsIn(flags)
  if (given.length > 0) {
    return yield* badInput(
      "FlagsInvalid",
      `${flags.file} is a saved plan, which was made with all values that it needs. Leave out ${given.join(", ")}, or plan again with other values`,
    )
  }
  // The agent at an address has the key of its state.
  if ((yield* namedAgent) !== undefined) return
  if (yield* hasKey(stateFileOf(flags, yield* readConfig(flags.config)))) return
  return yield* refused(new SavedPlanUnusable({ plan: flags.file, reason: { _tag: "OtherState" } }))
})

/** Prints the result. `text` is what is in the file of the plan. */
export const applySavedPlan = Effect.fnUntraced(function* (
  text: string,
  flags: SavedPlanFlags,
  confirmIn: (options: RunOptions) => RunOptions["confirm"],
) {
  yield* withJsonError(flags.json, "apply")(refuseAtOnce(flags))
  const refuse: (error: {
    readonly issues: ReadonlyArray<{ path: ReadonlyArray<string | number>; message: string }>
  }) => CommandFailure = ({ issues }) => invalidFile("FormaInvalid", flags.file)(issues)
  return yield* runOnAgent(
    "apply",
    flags,
    (agent, options) =>
      Effect.gen(function* () {
        const plans = yield* SavedPlans
        const { document, forma, only, outputChanges, resources } = yield* plans.open(text, flags.file)
        const saved = {
          document,
          expected: resources,
          expectedOutputs: outputChanges,
          only,
          acceptDrift: flags.acceptDrift,
        }
        return yield* agent.apply(forma, { ...options, ...saved, confirm: confirmIn(options) })
      }),
    failureIn({ forma: { resources: [] }, refuse }),
  )
})
