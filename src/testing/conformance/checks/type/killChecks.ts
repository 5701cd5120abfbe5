/**
 * Kills a launch with creates in flight, and asks the next one. Of each type
 * there are two: one of which the provider has done all or some, and whose
 * answer the agent is taken not to have had; and one that is cut off wherever
 * it happens to be.
 */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Deferred from "effect/Deferred"
import type * as Scope from "effect/Scope"
import { compare } from "../../../../agent/resources/Comparison.ts"
import type { NativeId, OperationId, RequestId } from "../../../../protocol/Identity.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { CurrentLaunch } from "../../peer/CurrentLaunch.ts"
import type { Subject } from "../../samples/Subject.ts"
import { expectSuccess } from "../../peer/expectEnd.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"

/** A create whose end the agent has not heard of. */
interface Cut {
  readonly operationId: OperationId
  readonly properties: Properties
  /** What was told of it before the launch was killed. */
  readonly told: { readonly nativeId?: NativeId; readonly requestId?: RequestId } | undefined
}

/** A type, with what was there before and what was cut off. */
export interface Killed {
  readonly subject: Subject
  readonly before: ReadonlySet<NativeId>
  readonly begun: Cut
  /** Absent where a second one can not be made, or could not be found again. */
  readonly anywhere: Cut | undefined
}

/** Creates of all types on one launch, which is killed in the middle of them. */
export const killInMidCreate = Effect.fnUntraced(function* (
  subjects: ReadonlyArray<Subject>,
  current: CurrentLaunch,
  callsOf: (subject: Subject) => TypeCalls,
  nextOperationId: () => OperationId,
): Effect.fn.Return<ReadonlyArray<Killed>, Finding, Scope.Scope> {
  const launch = yield* current
  const begun = yield* Effect.forEach(
    subjects,
    Effect.fnUntraced(function* (subject) {
      const calls = callsOf(subject)
      const before = subject.capabilities.listable
        ? yield* Effect.orElseSucceed(calls.listAll, () => new Set<NativeId>())
        : new Set<NativeId>()
      const { properties } = subject.specimen()
      const operationId = nextOperationId()
      const told = yield* Deferred.make<Cut["told"]>()
      const create = calls.create(operationId, properties, ({ failure, nativeId, requestId }) =>
        // A failure on the way says nothing of what was made.
        failure === undefined ? Deferred.succeed(told, pick(nativeId, requestId)) : Effect.void,
      )
      yield* Effect.forkScoped(
        Effect.matchEffect(create, {
          onFailure: () => Deferred.succeed(told, undefined),
          onSuccess: (end) => Deferred.succeed(told, end.status === "Succeeded" ? pick(end.nativeId) : undefined),
        }),
      )
      return { subject, before, begun: { operationId, properties, told: yield* Deferred.await(told) } }
    }),
    { concurrency: "unbounded" },
  )
  const killed = begun.map((one): Killed => {
    const { properties } = one.subject.specimen()
    const { idempotency } = one.subject.capabilities
    const twice = idempotency === "name" ? !Equal.equals(properties, one.begun.properties) : idempotency !== "none"
    return { ...one, anywhere: twice ? { operationId: nextOperationId(), properties, told: undefined } : undefined }
  })
  for (const { anywhere, subject } of killed) {
    if (anywhere === undefined) continue
    yield* Effect.forkScoped(Effect.ignore(callsOf(subject).create(anywhere.operationId, anywhere.properties)))
  }
  // As far as the pipe, and no further: where it is cut off then is left to chance.
  yield* Effect.yieldNow
  yield* Effect.ignore(
    Effect.try({ try: () => process.kill(launch.identity.pid, "SIGKILL"), catch: () => "it has gone by itself" }),
  )
  yield* launch.ended
  return killed
})

const pick = (nativeId: NativeId | undefined, requestId?: RequestId): NonNullable<Cut["told"]> => ({
  ...(nativeId === undefined ? {} : { nativeId }),
  ...(requestId === undefined ? {} : { requestId }),
})

/** What the next launch makes of it: `Status` by the request id, and one resource of each create. */
export const killChecks = Effect.fnUntraced(function* (
  record: Recorder,
  { anywhere, before, begun, subject }: Killed,
  calls: TypeCalls,
): Effect.fn.Return<void> {
  const { capabilities, type } = subject
  const { requestId } = begun.told ?? {}

  yield* record.type(
    type,
    "type.statusLater",
    Effect.gen(function* () {
      if (requestId === undefined) return yield* skip("its create ends with the answer")
      const { nativeId } = yield* Effect.flatMap(
        calls.status(begun.operationId, requestId, begun.told?.nativeId),
        (end) => expectSuccess("Status in the next launch", end),
      )
      if (begun.told?.nativeId !== undefined && nativeId !== begun.told.nativeId) {
        return yield* mismatch(`the native id ${begun.told.nativeId}`, nativeId)
      }
      yield* Effect.flatMap(calls.read(nativeId), (end) => expectSuccess("Read", end))
    }),
  )
  yield* record.type(
    type,
    "type.killed",
    Effect.gen(function* () {
      if (begun.told === undefined) return yield* skip("its create did not begin")
      const first = yield* afterKill(capabilities.recoverable, capabilities.idempotency === "none", begun, calls)
      if (first === undefined) return yield* skip("the type is not recoverable, and a create of it is not sent twice")
      if (begun.told.nativeId !== undefined && first !== begun.told.nativeId) {
        return yield* mismatch(`the resource that there is, ${begun.told.nativeId}`, first)
      }
      const second = anywhere && (yield* afterKill(capabilities.recoverable, false, anywhere, calls))
      if (capabilities.listable) {
        const known = new Set([...before, first, ...(second === undefined ? [] : [second])])
        const twins = yield* alike(subject, calls, known, anywhere === undefined ? [begun] : [begun, anywhere])
        if (twins > 0) return yield* mismatch("one resource of each create", `${twins} besides`)
      }
      return undefined
    }),
  )
})

/** Asks what became of a create, sends it again where that is allowed, and tells which resource it is about. */
const afterKill = Effect.fnUntraced(function* (
  recoverable: boolean,
  onlyOnce: boolean,
  { operationId, properties, told }: Cut,
  calls: TypeCalls,
): Effect.fn.Return<NativeId | undefined, Finding> {
  let found: NativeId | undefined
  if (recoverable) {
    const recovery = yield* calls.recover(operationId, properties)
    if (recovery.status === "NotStarted" && told !== undefined) {
      return yield* mismatch("Done or InProgress of a create that the plugin has told of", show(recovery))
    }
    if (recovery.status === "Done") found = recovery.nativeId
    if (recovery.status === "InProgress") {
      found = (yield* Effect.flatMap(calls.status(operationId, recovery.requestId, recovery.nativeId), (end) =>
        expectSuccess("Status of what Recover said", end),
      )).nativeId
    }
  }
  if (onlyOnce) return found
  const again = yield* Effect.flatMap(calls.create(operationId, properties), (end) =>
    expectSuccess("the same Create, sent again", end),
  )
  if (found !== undefined && again.nativeId !== found) {
    return yield* mismatch(`the resource that Recover told of, ${found}`, again.nativeId)
  }
  return again.nativeId
})

/** How many of those that nobody knows of are as one of these creates wanted them. */
const alike = Effect.fnUntraced(function* (
  { capabilities }: Subject,
  calls: TypeCalls,
  known: ReadonlySet<NativeId>,
  cuts: ReadonlyArray<Cut>,
): Effect.fn.Return<number, Finding> {
  const unknown = [...(yield* calls.listAll)].filter((one) => !known.has(one))
  const twins = yield* Effect.filter(unknown, (one) =>
    Effect.map(calls.read(one), (end) =>
      cuts.some(({ properties: wanted }) => {
        if (end.status === "Failed") return false
        const compared = { desired: wanted, unknown: new Set<string>(), prior: wanted, actual: end.properties }
        return compare(compared, capabilities)._tag === "Same"
      }),
    ),
  )
  return twins.length
})
