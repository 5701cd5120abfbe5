/** The conformance kit: whether a plugin does what PROTOCOL.md says, found out on its processes. */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Scope from "effect/Scope"
import * as Exit from "effect/Exit"
import * as References from "effect/References"
import * as SemVer from "effect/SemVer"
import { Catalog } from "../../agent/catalog/Catalog.ts"
import { NodeNames } from "../../agent/launch/NodeNames.ts"
import { PluginLauncher } from "../../agent/launch/PluginLauncher.ts"
import { type Lookup, valueAt } from "../../agent/resources/References.ts"
import { OperationId } from "../../protocol/Identity.ts"
import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import { allChecks } from "./checks/allChecks.ts"
import { sharedPeerChecks } from "./checks/plugin/sharedPeerChecks.ts"
import { stdoutCheck } from "./checks/plugin/stdoutCheck.ts"
import { type ConformanceLimits, defaultLimits } from "./peer/ConformanceLimits.ts"
import { chooseSamples } from "./samples/chooseSamples.ts"
import { drainCheck } from "./checks/plugin/drainCheck.ts"
import { exitChecks } from "./checks/plugin/exitChecks.ts"
import { handshakeChecks } from "./checks/plugin/handshakeChecks.ts"
import { makePluginUnderTest } from "./peer/PluginUnderTest.ts"
import { cleanUp } from "./peer/cleanUp.ts"
import { findPlugin } from "./peer/findPlugin.ts"
import type { PluginUnusable } from "./peer/PluginUnusable.ts"
import { type CheckObserver, makeRecorder } from "./report/Recorder.ts"
import type { ConformanceReport } from "./report/Report.ts"
import { findSamples } from "./samples/readSamples.ts"
import type { Sample, Samples, SamplesInvalid } from "./samples/Samples.ts"
import { fillObject, resolve } from "./samples/Filling.ts"
import { makeProbeCalls } from "./checks/plugin/ProbeCalls.ts"
import { secretCheck } from "./checks/type/secretCheck.ts"
import { makeSetupResource } from "./setUp.ts"
import { testTypes } from "./checks/type/testTypes.ts"
import { capabilitiesOf, makeCurrentLaunch } from "./peer/CurrentLaunch.ts"
import { makeSubject } from "./samples/Subject.ts"
import { makeTraces } from "./peer/Traces.ts"
import { type CallsOn, makeTypeCalls } from "./peer/TypeCalls.ts"

export interface TestPluginOptions {
  /** The plugin's folder, with its manifest. */
  readonly directory: string
  /** In the place of the samples in the folder. */
  readonly samples?: Samples | undefined
  /** Only this resource type. */
  readonly type?: string | undefined
  /** Put over the target of each sample: such as the endpoint of an emulator. */
  readonly target?: TargetConfig | undefined
  /** Put over the settings of the samples. */
  readonly config?: Properties | undefined
  /** Make samples of the types that have none. They are made of whatever the schema allows: not for a cloud that matters. */
  readonly generate?: boolean | undefined
  readonly limits?: Partial<ConformanceLimits> | undefined
  readonly observe?: CheckObserver | undefined
}

/** How long a run that is stopped may take to delete what it has made. */
const cleanUpGrace = Duration.seconds(10)

/** Runs all checks. What is wrong with the plugin is in the report; the failures are of what was given. */
export const testPlugin = (
  options: TestPluginOptions,
): Effect.Effect<
  ConformanceReport,
  PluginUnusable | SamplesInvalid,
  FileSystem.FileSystem | Path.Path | ChildProcessSpawner
> =>
  Effect.scoped(run(options)).pipe(
    Effect.provide(
      PluginLauncher.layerProcess.pipe(
        Layer.provideMerge(NodeNames.layerLocal),
        Layer.merge(Catalog.layerDirectories([options.directory])),
        Layer.merge(SecureRandom.layerWebCrypto),
      ),
    ),
    // What plugins log is looked through: all of it.
    Effect.provideService(References.MinimumLogLevel, "Trace"),
  )

const run = Effect.fnUntraced(function* (options: TestPluginOptions) {
  const entry = yield* findPlugin(options.directory)
  const samples = options.samples ?? (yield* findSamples(options.directory)) ?? { samples: [] }
  const random = yield* SecureRandom.SecureRandom
  const fs = yield* FileSystem.FileSystem
  const begun = yield* Clock.currentTimeMillis
  const folder = yield* Effect.orDie(fs.makeTempDirectoryScoped({ prefix: "formae-conformance-" }))
  const word = `t${(yield* random.uuidV4()).replaceAll("-", "").slice(0, 10)}`
  const filling = { unique: word, number: "0", folder }
  const given = { ...samples.config, ...options.config }
  const config = Object.keys(given).length === 0 ? undefined : fillObject(given, filling)
  const limits = { ...defaultLimits, ...options.limits }
  const record = makeRecorder(allChecks, options.observe ?? (() => Effect.void))
  const plugin = yield* makePluginUnderTest({ entry, limits, config, cookie: yield* random.uuidV4() })
  const traces = makeTraces()

  let uniques = 0
  const nextUnique = () => `${word}${(uniques++).toString(36)}`
  let operations = 0
  const nextOperationId = () => OperationId.make(`${word}-${operations++}`)

  // Apart from the rest, so that all launches have gone, and all that they print has been read, when the last checks look.
  const launches = yield* Scope.make()
  const tested = yield* Effect.gen(function* () {
    const ofFirst = yield* Scope.fork(launches)
    const current = yield* Scope.provide(makeCurrentLaunch(plugin), ofFirst)
    const callsOn: CallsOn = (current) => (type) =>
      makeTypeCalls({ current, type, traces, nextOperationId, limitMillis: limits.operationMillis })
    const clean = cleanUp(traces, callsOn(current))

    const found = yield* Effect.gen(function* () {
      const known = yield* capabilitiesOf(current)
      const chosen = yield* chooseSamples(options, samples, known)
      const target = { ...samples.target, ...options.target }
      const over = ({ target: own, ...sample }: Sample): Sample =>
        own === undefined ? sample : { ...sample, target: { ...own, ...options.target } }
      const setUp = new Map<string, Properties>()
      const lookup: Lookup = (label, path) => valueAt(setUp.get(label) ?? {}, path)
      for (const resource of chosen.given.length === 0 ? [] : (samples.setup ?? [])) {
        const unique = nextUnique()
        const wanted = resolve(fillObject(resource.properties, { ...filling, unique }), lookup)
        const at = fillObject({ ...(resource.target ?? samples.target), ...options.target }, filling)
        setUp.set(
          resource.label,
          yield* makeSetupResource(resource, known, (subject) =>
            callsOn(current)({ ...subject, target: at }).create(nextOperationId(), wanted),
          ),
        )
      }
      const subjects = [...chosen.given, ...chosen.generated].flatMap((sample) => {
        const capabilities = known.get(sample.type)
        return capabilities === undefined
          ? []
          : [
              makeSubject({
                sample: over(sample),
                capabilities,
                target,
                run: filling,
                nextUnique,
                lookup,
                onSecret: record.addSecret,
              }),
            ]
      })
      const some = makeProbeCalls(plugin, subjects, nextUnique)
      yield* Effect.all(
        [
          handshakeChecks(record, plugin, `${word}-canary`),
          Effect.scoped(sharedPeerChecks(record, plugin, some)),
          exitChecks(record, plugin, some),
          testTypes({ plugin, record, current, subjects, nextOperationId, callsOn }),
        ],
        { concurrency: 2, discard: true },
      )
      return { tested: chosen.tested, subjects, some }
    }).pipe(
      // Whoever stops the run, or could not begin it, is not left with what it has made.
      Effect.onError(() => Effect.timeoutOption(Effect.interruptible(clean), cleanUpGrace)),
    )
    const leftBehind = yield* clean
    yield* drainCheck(record, plugin, found.some, current, Scope.close(ofFirst, Exit.void))
    return { ...found, leftBehind }
  }).pipe(
    Scope.provide(launches),
    Effect.onExit(() => Scope.close(launches, Exit.void)),
  )

  for (const subject of tested.subjects) yield* secretCheck(record, subject, traces, plugin.printed)
  yield* stdoutCheck(record, plugin)

  const types = tested.tested
  const checks = record.results(types.filter(({ sample }) => sample !== "none").map(({ type }) => type))
  return {
    plugin: entry.manifest.name,
    namespace: entry.manifest.namespace,
    version: SemVer.format(entry.manifest.version),
    status: checks.some(({ status }) => status === "failed") ? "failed" : "passed",
    types,
    checks,
    durationMillis: Math.round((yield* Clock.currentTimeMillis) - begun),
    leftBehind: tested.leftBehind.map(({ nativeId, type }) => ({ type, nativeId })),
  } satisfies ConformanceReport
})
