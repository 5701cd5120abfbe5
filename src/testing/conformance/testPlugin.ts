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
import { Catalog, type CatalogEntry } from "../../agent/catalog/Catalog.ts"
import { NodeNames } from "../../agent/launch/NodeNames.ts"
import { PluginLauncher } from "../../agent/launch/PluginLauncher.ts"
import { type Lookup, valueAt } from "../../agent/forma/References.ts"
import { OperationId } from "../../protocol/Identity.ts"
import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import { callChecks } from "./callChecks.ts"
import { type ConformanceLimits, defaultLimits } from "./ConformanceLimits.ts"
import { capabilitiesOf, chooseSamples } from "./chooseSamples.ts"
import { drainCheck } from "./drainCheck.ts"
import { endChecks } from "./endChecks.ts"
import { handshakeChecks } from "./handshakeChecks.ts"
import { notAsItShould, show } from "./NotMet.ts"
import { makePluginUnderTest } from "./PluginUnderTest.ts"
import { PluginUnusable } from "./PluginUnusable.ts"
import { type CheckObserver, makeRecorder } from "./Recorder.ts"
import type { ConformanceReport } from "./Report.ts"
import { findSamples, type Sample, type Samples, type SamplesInvalid } from "./Samples.ts"
import { fillObject, resolve } from "./SampleValues.ts"
import { someCalls } from "./SomeCalls.ts"
import { secretCheck } from "./secretChecks.ts"
import { type CallsFrom, cleanUp, makeFirst, testTypes } from "./testTypes.ts"
import { makeServing } from "./Serving.ts"
import { makeSubject } from "./Subject.ts"
import { makeTraces, makeTypeCalls } from "./TypeCalls.ts"

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
      PluginLauncher.layer.pipe(
        Layer.provideMerge(NodeNames.layer),
        Layer.merge(Catalog.layerDirectories([options.directory])),
        Layer.merge(SecureRandom.layerWebCrypto),
      ),
    ),
    // What plugins log is looked through: all of it.
    Effect.provideService(References.MinimumLogLevel, "Trace"),
  )

const onlyEntry = Effect.fnUntraced(function* (
  directory: string,
): Effect.fn.Return<CatalogEntry, PluginUnusable, Catalog> {
  const { entries, rejected } = yield* Catalog
  const [entry] = entries
  if (entry !== undefined && entries.length === 1) return entry
  const [refused] = rejected
  return yield* new PluginUnusable({
    message:
      entries.length > 1
        ? `${directory} holds ${entries.length} plugins: name the folder of one of them`
        : refused === undefined
          ? `${directory} is no plugin: it has no formae-plugin.json`
          : `${refused.path}: ${refused.reason}`,
  })
})

const run = Effect.fnUntraced(function* (options: TestPluginOptions) {
  const entry = yield* onlyEntry(options.directory)
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
  const record = makeRecorder(options.observe ?? (() => Effect.void))
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
    const serving = yield* Scope.provide(makeServing(plugin), ofFirst)
    const callsOf: CallsFrom = (from) => (subject) =>
      makeTypeCalls({ serving: from, subject, traces, nextOperationId, limitMillis: limits.operationMillis })
    const clean = cleanUp(traces, serving, callsOf)

    const found = yield* Effect.gen(function* () {
      const known = yield* capabilitiesOf(serving)
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
          yield* makeFirst(resource, known, (subject) =>
            callsOf(serving)({ ...subject, target: at }).create(nextOperationId(), wanted),
          ),
        )
      }
      const subjects = [...chosen.given, ...chosen.generated].flatMap((sample) => {
        const capabilities = known.get(sample.type)
        return capabilities === undefined
          ? []
          : [makeSubject({ sample: over(sample), capabilities, target, run: filling, nextUnique, lookup, record })]
      })
      const some = someCalls(plugin, subjects, nextUnique)
      yield* Effect.all(
        [
          handshakeChecks(plugin, record, `${word}-canary`),
          Effect.scoped(callChecks(plugin, record, some)),
          endChecks(plugin, record, some),
          testTypes({ plugin, record, serving, subjects, traces, nextOperationId, callsOf }),
        ],
        { concurrency: 2, discard: true },
      )
      return { tested: chosen.tested, subjects, some }
    }).pipe(
      // Whoever stops the run, or could not begin it, is not left with what it has made.
      Effect.onError(() => Effect.timeoutOption(Effect.interruptible(clean), cleanUpGrace)),
    )
    const leftBehind = yield* clean
    yield* drainCheck(plugin, record, found.some, serving, Scope.close(ofFirst, Exit.void))
    return { ...found, leftBehind }
  }).pipe(
    Scope.provide(launches),
    Effect.onExit(() => Scope.close(launches, Exit.void)),
  )

  for (const subject of tested.subjects) yield* secretCheck(record, subject, traces, plugin.printed)
  yield* record.plugin(
    "frames.stdout",
    Effect.suspend(() => {
      const [line] = plugin.junk()
      return line === undefined
        ? Effect.void
        : Effect.fail(notAsItShould("frames that answer what was asked", show(line)))
    }),
  )

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
    leftBehind: tested.leftBehind,
  } satisfies ConformanceReport
})
