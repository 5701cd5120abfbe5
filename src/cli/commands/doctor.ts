import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { printJson, printLines } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { agentFlags } from "../SharedFlags.ts"

const start = Flag.Boolean("start").pipe(
  Flag.withDescription("Start each plugin too, and stop it again once it has answered its handshake"),
  Flag.withDefault(false),
)

export const doctor = Command.make("doctor", { start, ...agentFlags }, (flags) =>
  Effect.gen(function* () {
    // Loaded here because no other command needs it.
    const { examine, foundLines } = yield* Effect.promise(() => import("../doctor/examine.ts"))
    const found = yield* examine(flags)
    const hasProblem = found.some(({ verdict }) => verdict === "problem")
    const checks = found.map(({ check, message, remedy, verdict }) => ({
      check,
      verdict,
      message,
      remedy: remedy === undefined || remedy === "" ? null : remedy,
    }))
    yield* flags.json
      ? printJson({ command: "doctor", status: hasProblem ? "failed" : "succeeded", checks })
      : printLines(foundLines(found))
    if (hasProblem) return yield* new CommandFailure({ exitCode: exitCodes.failed, message: "" })
  }).pipe(withJsonError(flags.json, "doctor")),
).pipe(
  Command.withDescription(
    "Say what is wrong with Node, the plugins, the state and the rest, and what helps. Changes nothing, and asks you nothing",
  ),
  Command.withExamples([
    { command: "formae doctor", description: "What is wrong in this folder; the exit code is 1 if there is a problem" },
    { command: "formae doctor --start", description: "Start each plugin too" },
  ]),
)
