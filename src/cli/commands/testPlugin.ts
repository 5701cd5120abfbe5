import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CheckId, CheckResult } from "../../testing/conformance/index.ts"
import { badInput, CommandFailure, exitCodes } from "../CommandFailure.ts"
import { movesCursor } from "../movesCursor.ts"
import { makeLiveLines, printJson, printLines, printProgress } from "../Outputs.ts"
import { json } from "../SharedFlags.ts"
import { withJsonError } from "../printResult.ts"
import { reportLines } from "../reportLines.ts"

const directory = Argument.String("dir").pipe(
  Argument.withDescription("The plugin's folder, which contains its manifest"),
)

const type = Flag.String("type").pipe(
  Flag.withMetavar("TYPE"),
  Flag.withDescription("Test only this resource type"),
  Flag.optional,
)

const generate = Flag.Boolean("generate").pipe(
  Flag.withDescription(
    "For types without samples, make some from their JSON Schemas. They may hold any value that a schema allows, so do not use this on a cloud that matters",
  ),
  Flag.withDefault(false),
)

const check = Flag.String("check").pipe(
  Flag.withMetavar("ID"),
  Flag.withDescription("Run only this check of docs/kit.md, and those that it needs. May be given several times"),
  Flag.atLeast(0),
)

const words: Readonly<Record<CheckResult["status"], string>> = {
  passed: "ok",
  failed: "failed",
  warned: "warned",
  skipped: "skipped",
}

const progressLine = ({ status, title, type }: CheckResult): string =>
  `${words[status]}: ${type ?? "the plugin"} ${title}`

/** Shows the checks on stderr as they end: a line for each, which is redrawn on a terminal as long as nothing fails. */
const withCheckProgress = <A, E, R>(
  test: (observe: (result: CheckResult) => Effect.Effect<void>) => Effect.Effect<A, E, R>,
) =>
  Effect.gen(function* () {
    if (!(yield* movesCursor)) {
      return yield* test((result) => printProgress(progressLine(result)))
    }
    const live = yield* makeLiveLines
    let done = 0
    return yield* test((result) =>
      Effect.suspend(() => {
        const line = `${++done} checks done; ${progressLine(result)}`
        if (result.status !== "failed") return Effect.sync(() => live.draw(line))
        live.clear()
        return printProgress(progressLine(result))
      }),
    ).pipe(Effect.ensuring(Effect.sync(live.clear)))
  })

export const testPlugin = Command.make("test", { directory, type, check, generate, json }, (flags) =>
  Effect.gen(function* () {
    // Loaded here because no other command needs the kit.
    const {
      allChecks,
      formatReport,
      testPlugin: run,
    } = yield* Effect.promise(() => import("../../testing/conformance/index.ts"))
    const isKnown = (id: string): id is CheckId => Object.hasOwn(allChecks, id)
    const unknown = flags.check.find((id) => !isKnown(id))
    if (unknown !== undefined) {
      return yield* badInput(
        "UnknownCheck",
        `There is no check ${unknown}; docs/kit.md and the report with --json have their ids`,
      )
    }
    const report = yield* withCheckProgress((observe) =>
      run({
        directory: flags.directory,
        type: Option.getOrUndefined(flags.type),
        checks: flags.check.length === 0 ? undefined : flags.check.filter(isKnown),
        generate: flags.generate,
        observe,
      }),
    ).pipe(
      Effect.mapError((error) =>
        badInput(error._tag, error.message, error._tag === "SamplesInvalid" ? error.issues : undefined),
      ),
    )
    yield* flags.json ? printJson({ command: "plugin test", ...report }) : printLines(reportLines(formatReport(report)))
    if (report.status === "failed") return yield* new CommandFailure({ exitCode: exitCodes.failed, message: "" })
  }).pipe(withJsonError(flags.json, "plugin test")),
).pipe(
  Command.withDescription(
    "Test a plugin against the protocol: starts and kills its processes, and creates and deletes the samples in its folder",
  ),
  Command.withExamples([
    {
      command: "formae plugin test . --json",
      description: "Test the plugin in this folder, and print the report as JSON",
    },
  ]),
)
