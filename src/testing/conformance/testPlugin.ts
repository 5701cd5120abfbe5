/** The conformance kit: whether a plugin does what PROTOCOL.md says, found out on its processes. */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Data from "effect/Data"
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
import { valueAt } from "../../agent/resources/References.ts"
import { OperationId, ResourceType } from "../../protocol/Identity.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { badInputChecks } from "./badInputChecks.ts"
import { callChecks } from "./callChecks.ts"
import { type ConformanceLimits, defaultLimits } from "./ConformanceLimits.ts"
import { drainCheck } from "./drainCheck.ts"
import { endChecks } from "./endChecks.ts"
import { generateSample } from "./generateSamples.ts"
import { handshakeChecks } from "./handshakeChecks.ts"
import { type Killed, killChecks, killInMidCreate } from "./killChecks.ts"
import { lifeChecks } from "./lifeChecks.ts"
import { notAsItShould, show } from "./NotMet.ts"
import { makePluginUnderTest, type PluginUnderTest } from "./PluginUnderTest.ts"
import { type CheckObserver, makeRecorder, type Recorder } from "./Recorder.ts"
import type { ConformanceReport } from "./Report.ts"
import { findSamples, type Sample, type Samples, type SamplesInvalid } from "./Samples.ts"
import { fillObject, resolve } from "./SampleValues.ts"
import type { SomeCalls } from "./SomeCalls.ts"
import { provokeErrors, secretCheck } from "./secretChecks.ts"
import { makeServing, type Serving } from "./Serving.ts"
import { makeSubject, type Subject } from "./Subject.ts"
import { makeTraces, makeTypeCalls, missingId, succeeded, type Traces } from "./TypeCalls.ts"

/** The folder holds no plugin that can be launched, or its samples do not fit it. Nothing was done. */
export class PluginUnusable extends Data.TaggedError("PluginUnusable")<{ readonly message: string }> {}

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

/** Types that are tested side by side. */
const typesAtOnce = 4

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
  const filling = { unique: word, folder }
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
    const known = yield* capabilitiesOf(serving)
    const chosen = yield* chooseSamples(options, samples, known)
    const target = { ...samples.target, ...options.target }
    const over = ({ target: own, ...sample }: Sample): Sample => ({
      ...sample,
      ...(own === undefined ? {} : { target: { ...own, ...options.target } }),
    })
    const callsOf = (from: Serving) => (subject: Pick<Subject, "type" | "target" | "capabilities">) =>
      makeTypeCalls({ serving: from, subject, traces, nextOperationId, limitMillis: limits.operationMillis })

    // Each after those that it refers to.
    const setUp = new Map<string, Properties>()
    const lookup = (label: string, path: ReadonlyArray<string>) => valueAt(setUp.get(label) ?? {}, path)
    for (const { label, properties, target: own, type } of chosen.given.length === 0 ? [] : (samples.setup ?? [])) {
      const capabilities = known.get(type)
      if (capabilities === undefined) {
        return yield* new PluginUnusable({ message: `setup: the plugin does not know the type ${type}` })
      }
      const subject = {
        type,
        capabilities,
        target: fillObject({ ...(own ?? samples.target), ...options.target }, filling),
      }
      const wanted = resolve(fillObject(properties, { ...filling, unique: nextUnique() }), lookup)
      const end = yield* callsOf(serving)(subject)
        .create(nextOperationId(), wanted)
        .pipe(
          Effect.flatMap((created) => succeeded("Create", created)),
          Effect.mapError(({ seen }) => new PluginUnusable({ message: `setup: ${label} can not be made: ${seen}` })),
        )
      setUp.set(label, { ...wanted, ...end.properties })
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
        typesOf({ plugin, record, serving, subjects, traces, nextOperationId, callsOf }),
      ],
      { concurrency: 2, discard: true },
    )
    const leftBehind = yield* cleanUp(traces, serving, callsOf)
    yield* drainCheck(plugin, record, some, serving, Scope.close(ofFirst, Exit.void))
    return { ...chosen, known, subjects, leftBehind }
  }).pipe(
    Scope.provide(launches),
    Effect.onExit(() => Scope.close(launches, Exit.void)),
  )

  for (const subject of tested.subjects) yield* secretCheck(record, subject, traces, plugin.printed)
  yield* record.plugin(
    "frames.stdout",
    Effect.suspend(() => {
      const [line] = plugin.junk()
      return line === undefined ? Effect.void : Effect.fail(notAsItShould("nothing but frames on stdout", show(line)))
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

/** What it can do; nothing where it does not start, which is a check of its own. */
const capabilitiesOf = (serving: Serving) =>
  serving.pipe(
    Effect.map(({ identity }) => new Map<string, TypeCapabilities>(identity.types.map((type) => [type.type, type]))),
    Effect.orElseSucceed(() => new Map<string, TypeCapabilities>()),
  )

/** The samples to use, and how each type comes by one. */
const chooseSamples = Effect.fnUntraced(function* (
  { generate = false, type: only }: TestPluginOptions,
  { samples }: Samples,
  known: ReadonlyMap<string, TypeCapabilities>,
) {
  const wanted = (type: string) => only === undefined || type === only
  const starts = known.size > 0
  const stray = samples.find(({ type }) => starts && !known.has(type))
  const types = [...known.keys()].join(", ")
  if (stray !== undefined) {
    return yield* new PluginUnusable({
      message: `The plugin does not know the type ${stray.type} of a sample; it serves: ${types}`,
    })
  }
  if (only !== undefined && starts && !known.has(only)) {
    return yield* new PluginUnusable({ message: `The plugin does not know the type ${only}; it serves: ${types}` })
  }
  const given = samples.filter(({ type }) => wanted(type))
  const without = [...known.values()].filter(({ type }) => wanted(type) && !given.some((one) => one.type === type))
  const generated = generate ? (yield* Effect.forEach(without, generateSample)).filter((one) => one !== undefined) : []
  const has = (list: ReadonlyArray<Sample>, type: string) => list.some((one) => one.type === type)
  const names = [...new Set([...given.map(({ type }) => type), ...without.map(({ type }) => type)])]
  const tested = names.map((type) => ({
    type: ResourceType.make(type),
    sample: has(given, type) ? ("given" as const) : has(generated, type) ? ("generated" as const) : ("none" as const),
  }))
  return { given, generated, tested }
})

/** Calls for the checks that need any: of the first type that there is a sample of, or else of none. */
const someCalls = (plugin: PluginUnderTest, subjects: ReadonlyArray<Subject>, nextUnique: () => string): SomeCalls => {
  const [first] = subjects
  const lasting = subjects.find(({ slow }) => slow !== undefined)
  const about = (type: string, target: TargetConfig, operationId: string) => ({
    operationId,
    resourceType: type,
    targetConfig: target,
    label: nextUnique(),
  })
  const type = first?.type ?? `${plugin.entry.manifest.namespace}::Formae::NoSuchType`
  return {
    read: (operationId) => ({ ...about(type, first?.target ?? {}, operationId), nativeId: missingId }),
    slow:
      lasting?.slow &&
      ((operationId) => {
        const { properties, target } = lasting.slow!()
        return { ...about(lasting.type, target, operationId), properties }
      }),
  }
}

interface TypesOptions {
  readonly plugin: PluginUnderTest
  readonly record: Recorder
  readonly serving: Serving
  readonly subjects: ReadonlyArray<Subject>
  readonly traces: Traces
  readonly nextOperationId: () => OperationId
  readonly callsOf: (
    from: Serving,
  ) => (subject: Pick<Subject, "type" | "target" | "capabilities">) => ReturnType<typeof makeTypeCalls>
}

/** A launch that is killed, the one after it, and on that one and the first all that a type is to do. */
const typesOf = Effect.fnUntraced(function* (options: TypesOptions) {
  const { callsOf, nextOperationId, plugin, record, serving, subjects } = options
  if (subjects.length === 0) return
  const killed = yield* Effect.gen(function* () {
    const doomed = yield* makeServing(plugin)
    return yield* killInMidCreate(subjects, doomed, callsOf(doomed), nextOperationId)
  }).pipe(
    Effect.scoped,
    Effect.orElseSucceed((): ReadonlyArray<Killed> => []),
  )
  const later = yield* makeServing(plugin)
  yield* Effect.forEach(
    subjects,
    Effect.fnUntraced(function* (subject) {
      const calls = callsOf(serving)(subject)
      const next = callsOf(later)(subject)
      const cut = killed.find((one) => one.subject === subject)
      if (cut !== undefined) yield* killChecks(record, cut, next)
      yield* lifeChecks(record, subject, calls, next, nextOperationId)
      const callsAt = (target: TargetConfig) => callsOf(serving)({ ...subject, target })
      yield* badInputChecks(record, subject, calls, callsAt, nextOperationId)
      yield* provokeErrors(subject, calls, nextOperationId)
    }),
    { concurrency: typesAtOnce, discard: true },
  )
})

/** Deletes what is still there, the last first; what could not be. */
const cleanUp = Effect.fnUntraced(function* (
  { made }: Traces,
  serving: Serving,
  callsOf: TypesOptions["callsOf"],
): Effect.fn.Return<ConformanceReport["leftBehind"]> {
  for (const { nativeId, subject } of [...made.values()].toReversed()) {
    yield* Effect.ignore(callsOf(serving)(subject).delete(nativeId))
  }
  return [...made.values()].map(({ nativeId, subject }) => ({ type: subject.type, nativeId }))
})
