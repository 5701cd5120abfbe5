/**
 * `npm run fidelity`: whether each property of each resource type does what it
 * says. On the emulators of AWS and Azure, each property is set alone, applied,
 * applied again, changed, changed by somebody else, removed and destroyed. A run
 * of everything writes docs/fidelity.md, with what the emulators cannot show.
 * `npm run fidelity -- --help` lists the flags.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as References from "effect/References"
import { fileURLToPath } from "node:url"
import { needsMoto } from "../test/sdk/emulators/moto.ts"
import { failuresOf, progressOf } from "../test/sdk/fidelity/CaseResult.ts"
import { azuriteCloud, cosmosdbCloud, dynaliteCloud, fauxqsCloud, motoClouds } from "../test/sdk/fidelity/clouds.ts"
import { fidelityPage, summaryOf } from "../test/sdk/fidelity/fidelityPage.ts"
import { runCloud, type Selection } from "../test/sdk/fidelity/runCloud.ts"

const page = fileURLToPath(new URL("../docs/fidelity.md", import.meta.url))

const type = Flag.String("type").pipe(
  Flag.withMetavar("TEXT"),
  Flag.withDescription("Only the types with this text in their names; docs/fidelity.md stays as it is"),
  Flag.optional,
)
const property = Flag.String("property").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("Only this property; docs/fidelity.md stays as it is"),
  Flag.optional,
)
const emulators = ["moto", "dynalite", "fauxqs", "azurite", "cosmosdb-server"] as const
const only = Flag.Literals("only", emulators).pipe(
  Flag.withDescription("Only this emulator; docs/fidelity.md stays as it is"),
  Flag.optional,
)

/** Emulators take any credentials; the SDK of AWS looks for some. */
process.env["AWS_ACCESS_KEY_ID"] = "test"
process.env["AWS_SECRET_ACCESS_KEY"] = "test"

const fidelity = Command.make(
  "fidelity",
  { only, property, type },
  Effect.fnUntraced(function* (flags) {
    const chosen = Option.getOrUndefined(flags.only)
    const isPartial = [flags.only, flags.property, flags.type].some(Option.isSome)
    if (needsMoto.skip === true && (chosen ?? "moto") === "moto") {
      process.exitCode = 1
      return yield* Console.error(
        "This needs moto_server, which is not on the PATH. Install it with: pip install 'moto[server]'",
      )
    }
    const started = yield* Clock.currentTimeMillis
    const selection: Selection = {
      report: (result) => void process.stderr.write(`${progressOf(result)}\n`),
      ...Option.match(flags.type, {
        onNone: () => ({}),
        onSome: (text) => ({ type: (type: string) => type.includes(text) }),
      }),
      ...Option.match(flags.property, {
        onNone: () => ({}),
        onSome: (text) => ({ property: (name: string) => name === text, whole: false }),
      }),
    }
    const clouds = [
      [
        "moto",
        Effect.flatMap(
          motoClouds,
          Effect.forEach((cloud) => runCloud(cloud, selection)),
        ).pipe(Effect.map((all) => all.flat())),
      ],
      ["dynalite", Effect.flatMap(dynaliteCloud, (cloud) => runCloud(cloud, selection))],
      ["fauxqs", Effect.flatMap(fauxqsCloud, (cloud) => runCloud(cloud, selection))],
      ["azurite", Effect.flatMap(azuriteCloud, (cloud) => runCloud(cloud, selection))],
      ["cosmosdb-server", Effect.flatMap(cosmosdbCloud, (cloud) => runCloud(cloud, selection))],
    ] as const
    const results = yield* Effect.forEach(
      clouds.filter(([name]) => chosen === undefined || chosen === name),
      ([, run]) => Effect.scoped(run),
      { concurrency: 1 },
    ).pipe(Effect.map((all) => all.flat()))
    const seconds = Math.round(((yield* Clock.currentTimeMillis) - started) / 1000)
    yield* Console.log(`${summaryOf(results)} in ${seconds} s`)
    const failures = failuresOf(results)
    yield* Effect.forEach(failures, (failure) => Console.error(failure))
    if (failures.length > 0) process.exitCode = 1
    else if (!isPartial) yield* (yield* FileSystem.FileSystem).writeFileString(page, fidelityPage(results))
  }),
).pipe(Command.withDescription("Tries each property of each resource type on emulators"))

Command.run(fidelity, { version: "1" }).pipe(
  Effect.provide(NodeServices.layer),
  Effect.provideService(References.MinimumLogLevel, "None"),
  NodeRuntime.runMain,
)
