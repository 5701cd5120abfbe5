import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as References from "effect/References"
import * as SemVer from "effect/SemVer"
import { Catalog } from "../../agent/catalog/Catalog.ts"
import { GuardProcess } from "../../agent/launch/GuardProcess.ts"
import { NodeNames } from "../../agent/launch/NodeNames.ts"
import { PluginLauncher } from "../../agent/launch/PluginLauncher.ts"
import { StallAutopsy } from "../../agent/launch/StallAutopsy.ts"
import { layerSystemProcesses } from "../../agent/launch/SystemProcesses.ts"
import type { PluginUnusable } from "./peer/PluginUnusable.ts"
import type { ConformanceReport } from "./report/Report.ts"
import { prepareRun, type Run } from "./Run.ts"
import { runChecks, type Outcome } from "./runChecks.ts"
import type { SamplesInvalid } from "./samples/Samples.ts"
import type { TestPluginOptions } from "./TestPluginOptions.ts"

/**
 * Tests whether a plugin does what PROTOCOL.md says: starts its processes, kills
 * some, makes the resources of its samples and deletes them again.
 *
 * What is wrong with the plugin is in the report. Fails with `PluginUnusable` if
 * there is nothing to test, and with `SamplesInvalid` if the samples cannot be
 * used. A run that is interrupted deletes what it has made, within 10 s. What a
 * plugin has started ends with its process.
 */
export const testPlugin = (
  options: TestPluginOptions,
): Effect.Effect<
  ConformanceReport,
  PluginUnusable | SamplesInvalid,
  FileSystem.FileSystem | Path.Path | ChildProcessSpawner
> =>
  Effect.scoped(test(options)).pipe(
    Effect.provide(
      PluginLauncher.layerNoDeps.pipe(
        // Those of the launcher serve what is started without it too.
        Layer.provideMerge(GuardProcess.layer),
        Layer.provideMerge(Layer.mergeAll(layerSystemProcesses, StallAutopsy.layerInspector, NodeNames.layer)),
        Layer.merge(Catalog.layerDirectories([options.directory])),
        Layer.merge(SecureRandom.layerWebCrypto),
      ),
    ),
    // All that plugins log is searched for secrets.
    Effect.provideService(References.MinimumLogLevel, "Trace"),
  )

const test = Effect.fnUntraced(function* (options: TestPluginOptions) {
  const begun = yield* Clock.currentTimeMillis
  const run = yield* prepareRun(options)
  const tested = yield* runChecks(run)
  return makeReport(run, tested, Math.round((yield* Clock.currentTimeMillis) - begun))
})

const makeReport = (
  { plugin, record }: Run,
  { leftBehind, types }: Outcome,
  durationMillis: number,
): ConformanceReport => {
  const { name, namespace, version } = plugin.entry.manifest
  const checks = record.results(types.filter(({ sample }) => sample !== "none").map(({ type }) => type))
  return {
    plugin: name,
    namespace,
    version: SemVer.format(version),
    status: checks.some(({ status }) => status === "failed") ? "failed" : "passed",
    types,
    checks,
    durationMillis,
    leftBehind: leftBehind.map(({ nativeId, type }) => ({ type, nativeId })),
  }
}
