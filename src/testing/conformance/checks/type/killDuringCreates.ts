/** Kills a launch with creates in flight. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type * as Scope from "effect/Scope"
import { Platform } from "../../../../platform/Platform.ts"
import { killGroup } from "../../../../platform/signals.ts"
import type { NativeId, OperationId, RequestId } from "../../../../protocol/Identity.ts"
import type { CurrentLaunch } from "../../peer/CurrentLaunch.ts"
import type { TypeAtTarget } from "../../peer/TypeAtTarget.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"
import type { Finding } from "../../report/Finding.ts"
import type { Subject } from "../../samples/Subject.ts"
import { knownNow } from "./countTwins.ts"
import type { CutCreate, CutCreates } from "./CutCreate.ts"

/** Creates of all types on one launch, which is killed in the middle of them. */
export const killDuringCreates = Effect.fnUntraced(function* (
  subjects: ReadonlyArray<Subject>,
  current: CurrentLaunch,
  callsOf: (type: TypeAtTarget) => TypeCalls,
  nextOperationId: () => OperationId,
): Effect.fn.Return<ReadonlyArray<CutCreates>, Finding, Scope.Scope> {
  const launch = yield* current
  const begun = yield* Effect.forEach(
    subjects,
    (subject) => beginCreate(subject, callsOf(subject), nextOperationId()),
    { concurrency: "unbounded" },
  )
  const cut = begun.map((one): CutCreates => ({ ...one, anywhere: secondCreate(one, nextOperationId) }))
  for (const { anywhere, subject } of cut) {
    if (anywhere === undefined) continue
    yield* Effect.forkScoped(Effect.ignore(callsOf(subject).create(anywhere.operationId, anywhere.properties)))
  }
  // As far as the pipe, and no further: where it is cut off after that is left to chance.
  yield* Effect.yieldNow
  if (launch.pid !== undefined) yield* kill(yield* Platform, launch.pid)
  yield* launch.ended
  return cut
})

const kill = (platform: string, leader: number) =>
  Effect.ignore(Effect.try({ try: () => killGroup(platform, leader), catch: () => "it has gone by itself" }))

/** Begins a create, and waits until the plugin has reported something about it. */
const beginCreate = Effect.fnUntraced(function* (
  subject: Subject,
  calls: TypeCalls,
  operationId: OperationId,
): Effect.fn.Return<Omit<CutCreates, "anywhere">, never, Scope.Scope> {
  const before = yield* knownNow(calls, subject.capabilities)
  const { properties } = subject.specimen()
  const reported = yield* Deferred.make<CutCreate["reported"]>()
  const create = calls.create(operationId, properties, ({ failure, nativeId, requestId }) =>
    // A failure on the way says nothing about what was made.
    failure === undefined ? Deferred.succeed(reported, reportOf(nativeId, requestId)) : Effect.void,
  )
  yield* Effect.forkScoped(
    Effect.matchEffect(create, {
      onFailure: () => Deferred.succeed(reported, undefined),
      onSuccess: (end) => Deferred.succeed(reported, end.status === "Succeeded" ? reportOf(end.nativeId) : undefined),
    }),
  )
  return { subject, before, begun: { operationId, properties, reported: yield* Deferred.await(reported) } }
})

const reportOf = (nativeId: NativeId | undefined, requestId?: RequestId): NonNullable<CutCreate["reported"]> => ({
  ...(nativeId === undefined ? {} : { nativeId }),
  ...(requestId === undefined ? {} : { requestId }),
})

const secondCreate = (
  { begun, subject }: Pick<CutCreates, "begun" | "subject">,
  nextOperationId: () => OperationId,
): CutCreate | undefined => {
  const { properties } = subject.specimen()
  const { idempotency } = subject.capabilities
  const possible = idempotency === "name" ? !Equal.equals(properties, begun.properties) : idempotency !== "none"
  return possible ? { operationId: nextOperationId(), properties, reported: undefined } : undefined
}
