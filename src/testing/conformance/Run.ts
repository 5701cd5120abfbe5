import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type * as Scope from "effect/Scope"
import type { Catalog } from "../../agent/catalog/Catalog.ts"
import { folderReason, temporaryFolderIn } from "../../agent/store/fileReason.ts"
import type { NodeNames } from "../../agent/launch/NodeNames.ts"
import type { PluginLauncher } from "../../agent/launch/PluginLauncher.ts"
import { OperationId } from "../../protocol/Identity.ts"
import { allChecks } from "./checks/allChecks.ts"
import { defaultLimits } from "./peer/ConformanceLimits.ts"
import { findPlugin } from "./peer/findPlugin.ts"
import type { Processes } from "./peer/makePeers.ts"
import { makePluginUnderTest, type PluginUnderTest } from "./peer/PluginUnderTest.ts"
import { PluginUnusable } from "./peer/PluginUnusable.ts"
import { makeTraces, type Traces } from "./peer/Traces.ts"
import { type CallsOn, makeTypeCalls } from "./peer/TypeCalls.ts"
import { neededChecks } from "./report/neededChecks.ts"
import { makeRecorder, type Recorder } from "./report/Recorder.ts"
import { type Filling, fillObject } from "./samples/Filling.ts"
import { findSamples } from "./samples/readSamples.ts"
import type { Samples, SamplesInvalid } from "./samples/Samples.ts"
import type { TestPluginOptions } from "./TestPluginOptions.ts"

/** One run of the kit: what all of its steps need. */
export interface Run {
  readonly options: TestPluginOptions
  readonly samples: Samples
  readonly plugin: PluginUnderTest
  readonly record: Recorder
  readonly traces: Traces
  /** What placeholders stand for outside of the properties of a resource. */
  readonly filling: Filling
  /** The next `{{unique}}` of the properties of a resource. */
  readonly nextUnique: () => string
  readonly nextOperationId: () => OperationId
  readonly callsOn: CallsOn
}

export const prepareRun = Effect.fnUntraced(function* (
  options: TestPluginOptions,
): Effect.fn.Return<
  Run,
  PluginUnusable | SamplesInvalid,
  | Catalog
  | FileSystem.FileSystem
  | NodeNames
  | Path.Path
  | PluginLauncher
  | Processes
  | Scope.Scope
  | SecureRandom.SecureRandom
> {
  const entry = yield* findPlugin(options.directory)
  const samples = options.samples ?? (yield* findSamples(options.directory)) ?? { samples: [] }
  const random = yield* SecureRandom.SecureRandom
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* Effect.mapError(
    fs.makeTempDirectoryScoped({ prefix: "formae-conformance-" }),
    (error) =>
      new PluginUnusable({
        message: `No temporary folder can be made in ${temporaryFolderIn(path, error)}: ${folderReason(error)}. Set TMPDIR to a folder that this user may write to`,
      }),
  )
  const word = `t${(yield* random.uuidV4()).replaceAll("-", "").slice(0, 10)}`
  const filling = { unique: word, number: "0", folder }
  const config = { ...samples.config, ...options.config }
  const limits = { ...defaultLimits, ...options.limits }
  const plugin = yield* makePluginUnderTest({
    entry,
    limits,
    config: Object.keys(config).length === 0 ? undefined : fillObject(config, filling),
    cookie: yield* random.uuidV4(),
    launches: yield* random.uuidV4(),
  })
  const traces = makeTraces()
  let uniques = 0
  let operations = 0
  const nextOperationId = () => OperationId.make(`${word}-${operations++}`)
  return {
    options,
    samples,
    plugin,
    record: makeRecorder({
      descriptions: allChecks,
      observe: options.observe ?? (() => Effect.void),
      checkMillis: limits.checkMillis,
      checks: neededChecks(options.checks),
    }),
    traces,
    filling,
    nextUnique: () => `${word}${(uniques++).toString(36)}`,
    nextOperationId,
    callsOn: (current) => (type) =>
      makeTypeCalls({ current, type, traces, nextOperationId, limitMillis: limits.operationMillis }),
  }
})
