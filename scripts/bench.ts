/**
 * `npm run bench`: speed and memory, measured beside what people would use
 * instead. The full form writes docs/performance.svg and the table in
 * docs/performance.md. `npm run bench -- --help` says what can be asked.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { fileURLToPath } from "node:url"
import { chartOf } from "./bench/report/resultsChart.ts"
import { withMeasured } from "./bench/report/replaceMeasured.ts"
import { names, runSuite } from "./bench/measure/runSuite.ts"
import { tableOf } from "./bench/report/resultsTable.ts"

const docs = fileURLToPath(new URL("../docs", import.meta.url))

const quick = Flag.Boolean("quick").pipe(
  Flag.withDescription("A minute, whose figures say little; writes no page"),
  Flag.withDefault(false),
)
const only = Flag.Literals("only", names).pipe(
  Flag.withDescription("One group of figures, or one entrant beside the floor; writes no page"),
  Flag.optional,
)
const json = Flag.String("json").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("Where to write all rounds"),
  Flag.optional,
)

const bench = Command.make(
  "bench",
  { quick, only, json },
  Effect.fnUntraced(function* (flags) {
    const fs = yield* FileSystem.FileSystem
    const results = yield* Effect.promise(() =>
      runSuite({
        quick: flags.quick,
        only: Option.getOrUndefined(flags.only),
        say: (progress) => void process.stderr.write(`${progress}\n`),
      }),
    )
    const table = tableOf(results)
    yield* Console.log(table)
    if (Option.isSome(flags.json)) yield* fs.writeFileString(flags.json.value, `${JSON.stringify(results, null, 2)}\n`)
    if (flags.quick || Option.isSome(flags.only)) return
    const page = `${docs}/performance.md`
    const told = `Node ${results.node.slice(1)} on ${results.processor}.\n\n${table}`
    yield* fs.writeFileString(page, withMeasured(yield* fs.readFileString(page), told))
    yield* fs.writeFileString(`${docs}/performance.svg`, chartOf(results))
  }),
).pipe(Command.withDescription("Speed and memory, beside what people would use instead"))

Command.run(bench, { version: "1" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
