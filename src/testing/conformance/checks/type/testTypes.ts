/** All that is made: first what samples refer to, then of each type what its checks need, and its end. */
import * as Effect from "effect/Effect"
import type { OperationId } from "../../../../protocol/Identity.ts"
import type { Finished } from "../../../../protocol/Progress.ts"
import type { TargetConfig, TypeCapabilities } from "../../../../protocol/Resource.ts"
import { badInputChecks } from "./badInputChecks.ts"
import { type Killed, killChecks, killInMidCreate } from "./killChecks.ts"
import { lifeChecks } from "./lifeChecks.ts"
import type { Finding } from "../../report/Finding.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { PluginUnusable } from "../../peer/PluginUnusable.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { SetupResource } from "../../samples/Samples.ts"
import { provokeErrors } from "./secretChecks.ts"
import { makeCurrentLaunch, type CurrentLaunch } from "../../peer/CurrentLaunch.ts"
import type { Subject } from "../../samples/Subject.ts"
import { expectSuccess } from "../../peer/expectEnd.ts"
import type { CallsOn } from "../../peer/TypeCalls.ts"

/** Types that are tested side by side. */
const typesAtOnce = 4

/** Makes a resource that samples refer to; without it there is nothing to test. */
export const makeFirst = Effect.fnUntraced(function* (
  { label, type }: SetupResource,
  known: ReadonlyMap<string, TypeCapabilities>,
  create: (subject: Pick<Subject, "type" | "capabilities">) => Effect.Effect<Finished, Finding>,
) {
  const capabilities = known.get(type)
  if (capabilities === undefined) {
    return yield* new PluginUnusable({ message: `setup: the plugin does not know the type ${type} of ${label}` })
  }
  const { properties } = yield* create({ type, capabilities }).pipe(
    Effect.flatMap((end) => expectSuccess("Create", end)),
    Effect.mapError(({ seen }) => new PluginUnusable({ message: `setup: ${label} can not be made: ${seen}` })),
  )
  return properties
})

interface TypesOptions {
  readonly plugin: PluginUnderTest
  readonly record: Recorder
  readonly current: CurrentLaunch
  readonly subjects: ReadonlyArray<Subject>
  readonly nextOperationId: () => OperationId
  readonly callsOn: CallsOn
}

/** A launch that is killed, the one after it, and on that one and the first all that a type is to do. */
export const testTypes = Effect.fnUntraced(function* (options: TypesOptions) {
  const { callsOn, nextOperationId, plugin, record, current, subjects } = options
  if (subjects.length === 0) return
  const killed = yield* Effect.gen(function* () {
    const doomed = yield* makeCurrentLaunch(plugin)
    return yield* killInMidCreate(subjects, doomed, callsOn(doomed), nextOperationId)
  }).pipe(
    Effect.scoped,
    Effect.orElseSucceed((): ReadonlyArray<Killed> => []),
  )
  const later = yield* makeCurrentLaunch(plugin)
  yield* Effect.forEach(
    subjects,
    Effect.fnUntraced(function* (subject) {
      const calls = callsOn(current)(subject)
      const next = callsOn(later)(subject)
      const cut = killed.find((one) => one.subject === subject)
      if (cut !== undefined) yield* killChecks(record, cut, next)
      yield* lifeChecks(record, subject, calls, next, nextOperationId)
      const callsAt = (target: TargetConfig) => callsOn(current)({ ...subject, target })
      yield* badInputChecks(record, subject, calls, callsAt, nextOperationId)
      yield* provokeErrors(subject, calls, nextOperationId)
    }),
    { concurrency: typesAtOnce, discard: true },
  )
})
