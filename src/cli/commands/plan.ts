import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { planDoesSomething, SavedPlans } from "../../agent/index.ts"
import { shellWord } from "../advice/shellWord.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { documentCommandFlags, runWithDocument } from "../documentCommand.ts"
import { openStateToRead } from "../openState.ts"
import { printProgress } from "../Outputs.ts"
import { layerToSave } from "../plan/layerToSave.ts"
import { checkPlanPlace, writeSavedPlan } from "../plan/savedPlanFile.ts"
import { withJsonError } from "../printResult.ts"
import { limitOf, only } from "../SharedFlags.ts"
import { textFlag } from "../textFlag.ts"

const detailedExitcode = Flag.Boolean("detailed-exitcode").pipe(
  Flag.withDescription(
    `End with ${exitCodes.changes} where an apply would do something, and with 0 where it would not`,
  ),
  Flag.withDefault(false),
)

const out = textFlag("out").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription('Save the plan, locked with the key of the state: "formae apply FILE" does what it shows'),
  Flag.optional,
)

export const plan = Command.make("plan", { ...documentCommandFlags, only, out, detailedExitcode }, (flags) =>
  Effect.gen(function* () {
    const file = Option.getOrUndefined(flags.out)
    if (file !== undefined) yield* withJsonError(flags.json, "plan")(checkPlanPlace(file))
    const planned = yield* runWithDocument(
      "plan",
      flags,
      Effect.fnUntraced(function* (agent, forma, options) {
        const limit = limitOf(flags.only)
        const result = yield* agent.plan(forma, { ...options, only: limit })
        if (file === undefined) return result
        const plans = yield* SavedPlans
        const { document } = options
        const { outputChanges = [], resources } = result
        yield* writeSavedPlan(file, yield* plans.lock({ forma, document, resources, outputChanges, only: limit }))
        return result
      }),
      file === undefined ? openStateToRead : layerToSave,
    )
    if (file !== undefined) {
      yield* printProgress(`The plan was saved. "formae apply ${shellWord(file)}" does what it shows, or nothing`)
    }
    if (flags.detailedExitcode && planDoesSomething(planned)) {
      return yield* new CommandFailure({ exitCode: exitCodes.changes, message: "" })
    }
  }),
).pipe(
  Command.withDescription("Show what an apply would do, without changing anything"),
  Command.withExamples([
    { command: "formae plan network.yaml --json", description: "Print the plan as JSON" },
    {
      command: "formae plan network.yaml --out network.plan",
      description: "Save the plan, for formae apply network.plan",
    },
    {
      command: "formae plan network.yaml --detailed-exitcode",
      description: "Tell by the exit code whether there is something to do",
    },
  ]),
)
