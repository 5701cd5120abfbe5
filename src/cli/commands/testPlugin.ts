import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CheckId, CheckResult } from "../../testing/conformance/index.ts"
import { badInput, CommandFailure, exitCodes } from "../CommandFailure.ts"
import { type Span, span } from "../Line.ts"
import { printJson, printLines, printProgress } from "../Outputs.ts"
import { json } from "../SharedFlags.ts"
import { withJsonError } from "../printResult.ts"
import { reportLines } from "../reportLines.ts"
import { textFlag } from "../textFlag.ts"
import { repeatable } from "../repeatable.ts"

const directory = Argument.String("dir").pipe(
  Argument.withDescription("The plugin's folder, which contains its manifest"),
)

const type = textFlag("type").pipe(
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

const check = textFlag("check").pipe(
  Flag.withMetavar("ID"),
  Flag.withDescription("Run only this check of docs/kit.md, and those that it needs. May be given several times"),
  repeatable,
)

const words: Readonly<Record<CheckResult["status"], Span>> = {
  passed: span("ok", "created"),
  failed: span("failed", "failed"),
  warned: span("warned", "updated"),
  skipped: span("skipped", "quiet"),
}

/** A line for each check that has ended. It stays, so that a slow run can be followed, and one that is ended early has shown what it found. */
const showCheck = ({ status, title, type }: CheckResult): Effect.Effect<void> =>
  printProgress([words[status], span(`: ${type ?? "the plugin"} ${title}`)])

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
    const report = yield* run({
      directory: flags.directory,
      type: Option.getOrUndefined(flags.type),
      checks: flags.check.length === 0 ? undefined : flags.check.filter(isKnown),
      generate: flags.generate,
      observe: showCheck,
    }).pipe(
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
