/** The checks of each resource type: what a kill leaves, then the life of a resource, then bad input. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { OperationId } from "../../../../protocol/Identity.ts"
import { type CurrentLaunch, makeCurrentLaunch } from "../../peer/CurrentLaunch.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import type { CallsOn } from "../../peer/TypeCalls.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { Subject } from "../../samples/Subject.ts"
import { badInputChecks } from "./badInputChecks.ts"
import type { CutCreates } from "./CutCreate.ts"
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
}

/** On a launch that is killed, on the one after it, and on `current`. */
export const testTypes = Effect.fnUntraced(function* (
  options: TypesOptions,
): Effect.fn.Return<void, never, Scope.Scope> {
  const { callsOn, nextOperationId, plugin, subjects } = options
  if (subjects.length === 0) return
  const cut = yield* Effect.gen(function* () {
    const doomed = yield* makeCurrentLaunch(plugin)
    return yield* killDuringCreates(subjects, doomed, callsOn(doomed), nextOperationId)
  }).pipe(
    Effect.scoped,
    Effect.orElseSucceed((): ReadonlyArray<CutCreates> => []),
  )
  const later = yield* makeCurrentLaunch(plugin)
  yield* Effect.forEach(
    subjects,
    (subject) =>
      testType(
        options,
        subject,
        later,
        cut.find((one) => one.subject === subject),
      ),
    { concurrency: typesAtOnce, discard: true },
  )
})

const testType = Effect.fnUntraced(function* (
  { callsOn, current, nextOperationId, record }: TypesOptions,
  subject: Subject,
  later: CurrentLaunch,
  cut: CutCreates | undefined,
) {
  if (cut !== undefined) yield* killChecks(record, cut, callsOn(later)(subject))
  const test: ResourceTest = {
    record,
    subject,
    specimen: subject.specimen(),
    operationId: nextOperationId(),
    nextOperationId,
    calls: callsOn(current)(subject),
    later: callsOn(later)(subject),
  }
  yield* lifeChecks(test)
  yield* badInputChecks(test, (target) => callsOn(current)({ ...subject, target }))
  yield* provokeErrors(test)
})
