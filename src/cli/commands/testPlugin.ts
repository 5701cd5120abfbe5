import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import { createLogUpdate } from "log-update"
import type { CheckResult } from "../../testing/conformance/index.ts"
import { badInput, CommandEnded, exitCodes } from "../CommandFailure.ts"
import { json } from "../SharedFlags.ts"
import { orRefusal } from "../printResult.ts"

const directory = Argument.String("dir").pipe(Argument.withDescription("The plugin's folder, which holds its manifest"))

const type = Flag.String("type").pipe(
  Flag.withMetavar("TYPE"),
  Flag.withDescription("Test this resource type only"),
  Flag.optional,
)

const generate = Flag.Boolean("generate").pipe(
  Flag.withDescription(
    "Make samples from the JSON Schemas of types that have none. They hold whatever a schema allows: not for a cloud that matters",
  ),
  Flag.withDefault(false),
)

/** Each check as it ends: a line that is drawn anew on a terminal; otherwise only what failed gets one. */
const withProgress = <A, E, R>(
  test: (observe: (result: CheckResult) => Effect.Effect<void>) => Effect.Effect<A, E, R>,
) =>
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    if (!(yield* stdio.stderrIsTerminal)) {
      return yield* test((result) =>
        result.status === "failed"
          ? Console.error(`failed: ${result.type ?? "the plugin"} ${result.title}`)
          : Effect.void,
      )
    }
    const draw = createLogUpdate(process.stderr)
    let done = 0
    return yield* test(({ title, type }) =>
      Effect.sync(() => draw(`${++done} checks done; the last one: ${type === null ? "" : `${type} `}${title}`)),
    ).pipe(Effect.ensuring(Effect.sync(() => draw.clear())))
  })

export const testPlugin = Command.make("test", { directory, type, generate, json }, (flags) =>
  Effect.gen(function* () {
    // At its first use: no other command needs the kit.
    const { formatReport, testPlugin: run } = yield* Effect.promise(() => import("../../testing/conformance/index.ts"))
    const report = yield* withProgress((observe) =>
      run({ directory: flags.directory, type: Option.getOrUndefined(flags.type), generate: flags.generate, observe }),
    ).pipe(
      Effect.mapError((error) =>
        badInput(error._tag, error.message, error._tag === "SamplesInvalid" ? error.issues : undefined),
      ),
    )
    yield* Console.log(
      flags.json ? JSON.stringify({ command: "plugin test", ...report }, null, 2) : formatReport(report),
    )
    if (report.status === "failed") return yield* new CommandEnded({ exitCode: exitCodes.failed, message: "" })
  }).pipe(orRefusal(flags.json, "plugin test", { checks: [] })),
).pipe(
  Command.withDescription("Test a plugin against the protocol, on its processes, by the samples in its folder"),
  Command.withExamples([{ command: "formae plugin test . --json", description: "A report for a program" }]),
)
