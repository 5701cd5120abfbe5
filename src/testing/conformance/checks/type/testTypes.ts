/** The checks of each resource type: what a kill leaves, then the life of a resource, then bad input. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { OperationId } from "../../../../protocol/Identity.ts"
import { type CurrentLaunch, makeCurrentLaunch } from "../../peer/CurrentLaunch.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import type { CallsOn } from "../../peer/TypeCalls.ts"
import { type CurrentPeer, makeCurrentPeer } from "../../peer/CurrentPeer.ts"
import type { Traces } from "../../peer/Traces.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { Subject } from "../../samples/Subject.ts"
import { badInputChecks } from "./badInputChecks.ts"
import type { CutCreates } from "./CutCreate.ts"
import { failureChecks } from "./failureChecks.ts"
import { type FailingProvider, failingSettings, hastySettings } from "./FailingProvider.ts"
import { rateLimitCheck } from "./rateLimitCheck.ts"
import { readProviderLog } from "./providerLog.ts"
import { makeRawCreates, type RawCreates } from "./RawCreates.ts"
import { killChecks } from "./killChecks.ts"
import { killDuringCreates } from "./killDuringCreates.ts"
import { lifeChecks } from "./lifeChecks.ts"
import type { ResourceTest } from "./ResourceTest.ts"
import { provokeErrors } from "./secretCheck.ts"

/** How many types are tested side by side. */
const typesAtOnce = 4

export interface TypesOptions {
  readonly record: Recorder
  readonly plugin: PluginUnderTest
  readonly subjects: ReadonlyArray<Subject>
  /** The launch that most calls are made on. */
  readonly current: CurrentLaunch
  readonly callsOn: CallsOn
  readonly nextOperationId: () => OperationId
  readonly traces: Traces
}

/** On a launch that is killed, on the one after it, and on `current`. */
export const testTypes = Effect.fnUntraced(function* (
  options: TypesOptions,
): Effect.fn.Return<void, never, Scope.Scope> {
  const { callsOn, nextOperationId, plugin, record, subjects } = options
  if (subjects.length === 0) return
  const cut = yield* Effect.gen(function* () {
    if (!record.wants("type.killed", "type.statusLater")) return []
    const doomed = yield* makeCurrentLaunch(plugin)
    return yield* killDuringCreates(subjects, doomed, callsOn(doomed), nextOperationId)
  }).pipe(
    Effect.scoped,
    Effect.orElseSucceed((): ReadonlyArray<CutCreates> => []),
  )
  const later = yield* makeCurrentLaunch(plugin)
  const peer = yield* makeCurrentPeer(plugin)
  yield* Effect.forEach(
    subjects,
    (subject) =>
      testType(
        options,
        subject,
        { later, peer },
        cut.find((one) => one.subject === subject),
      ),
    { concurrency: typesAtOnce, discard: true },
  )
})

const testType = Effect.fnUntraced(function* (
  { callsOn, current, nextOperationId, plugin, record, traces }: TypesOptions,
  subject: Subject,
  { later, peer }: { readonly later: CurrentLaunch; readonly peer: CurrentPeer },
  cut: CutCreates | undefined,
) {
  if (cut !== undefined) yield* killChecks(record, cut, callsOn(later)(subject))
  const test: ResourceTest = {
    record,
    subject,
    specimen: subject.specimen(),
    operationId: nextOperationId(),
    nextOperationId,
    traces,
    calls: callsOn(current)(subject),
    later: callsOn(later)(subject),
  }
  const withinMillis = plugin.limits.operationMillis
  const raw = makeRawCreates({ peer, type: subject, traces, nextOperationId, withinMillis })
  yield* lifeChecks(test, raw)
  yield* badInputChecks(test, (target) => callsOn(current)({ ...subject, target }))
  if (record.wants("type.secrets")) yield* provokeErrors(test)
  yield* Effect.scoped(failures(record, plugin, test, raw))
})

/** On processes of their own, with settings of their own. */
const failures = Effect.fnUntraced(function* (
  record: Recorder,
  plugin: PluginUnderTest,
  { nextOperationId, subject }: ResourceTest,
  raw: RawCreates,
) {
  const provider: FailingProvider = {
    subject,
    raw,
    peer: yield* makeCurrentPeer(plugin, { settings: failingSettings }),
    hasty: yield* makeCurrentPeer(plugin, { settings: hastySettings }),
    withinMillis: plugin.limits.operationMillis,
    nextOperationId,
    calls:
      subject.failureLog === undefined
        ? Effect.undefined
        : plugin.readLines(subject.failureLog).pipe(Effect.map(readProviderLog)),
  }
  yield* failureChecks(record, provider)
  yield* rateLimitCheck(record, plugin, provider)
})
