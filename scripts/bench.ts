/**
 * `npm run bench`: measures speed and memory beside what people would use
 * instead. Without flags it writes docs/performance.svg and the table in
 * docs/performance.md. `npm run bench -- --help` lists the flags.
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
import { resultsChart } from "./bench/report/resultsChart.ts"
import { replaceMeasured } from "./bench/report/replaceMeasured.ts"
import { runSuite } from "./bench/measure/runSuite.ts"
import { choices } from "./bench/measure/Selection.ts"
import { resultsTable } from "./bench/report/resultsTable.ts"

const docs = fileURLToPath(new URL("../docs", import.meta.url))

const quick = Flag.Boolean("quick").pipe(
  Flag.withDescription("Takes about a minute; its figures say little, and docs/ stays as it is"),
  Flag.withDefault(false),
)
const only = Flag.Literals("only", choices).pipe(
  Flag.withDescription("Measures one group of figures, or one entrant beside the floor; docs/ stays as it is"),
  Flag.optional,
)
const json = Flag.String("json").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("Writes the values of all rounds to this file"),
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
    const table = resultsTable(results)
    yield* Console.log(table)
    if (Option.isSome(flags.json)) yield* fs.writeFileString(flags.json.value, `${JSON.stringify(results, null, 2)}\n`)
    if (flags.quick || Option.isSome(flags.only)) return
    const page = `${docs}/performance.md`
    const text = `Node ${results.node.slice(1)} on ${results.processor}.\n\n${table}`
    yield* fs.writeFileString(page, replaceMeasured(yield* fs.readFileString(page), text))
    yield* fs.writeFileString(`${docs}/performance.svg`, resultsChart(results))
  }),
).pipe(Command.withDescription("Measures speed and memory beside what people would use instead"))

Command.run(bench, { version: "1" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
