/** The calls of one operation to the launch that serves it now, and what follows from how they end. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { isAmbiguous, isRecoverable } from "../../protocol/ErrorCode.ts"
import type { NativeId } from "../../protocol/Identity.ts"
import { mask } from "../../protocol/Masking.ts"
import type { Operation } from "../../protocol/Operation.ts"
import type { OperatorError } from "../../protocol/OperatorError.ts"
import type { ProgressObserver, PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import type { Finished, Succeeded } from "../../protocol/Progress.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { leftUnderWay, notTriedAgain } from "./Attention.ts"
import { measureOperation } from "./measureOperation.ts"
import type { StateError } from "../records/StateError.ts"
import { StateTaken } from "../records/StateTaken.ts"
import { type ChangeFailed, isCanceled, reasonOf, type StepFailure } from "./ChangeFailed.ts"
import type { OperationSuccess } from "./OperationEndings.ts"
import { type CallFailure, proofOf } from "./Proof.ts"
import { isRepeatable, isWorthAsking, type RecoveryAnswer } from "./Recovery.ts"
import type { RunningOperation } from "./RunningOperation.ts"
import type { StopRequests } from "./StopRequests.ts"
import type { Work } from "./Work.ts"

/** What one round of an operation leads to. */
export type Next =
  /** The operation has succeeded. */
  | { readonly _tag: "Done"; readonly success: OperationSuccess }
  /** Another round. */
  | { readonly _tag: "Again" }
  /** The operation has certainly done nothing, and is given up. */
  | { readonly _tag: "Nothing" }

/** Fails where the change was not made, or where the state cannot be written. */
export type OperationEffect<A> = Effect.Effect<A, ChangeFailed | StateError>

export interface Calls {
  readonly work: Work
  readonly running: RunningOperation
  readonly operator: PluginOperatorShape
  readonly stops: StopRequests["Service"]
  /** Makes a call interruptible again. */
  readonly restore: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** After this many crashes of the plugin, an operation is left to a later command. A plugin that crashes quickly is quarantined before that. */
const maxCrashes = 10

export const again: Next = { _tag: "Again" }
export const ending = (success: OperationEffect<OperationSuccess>): OperationEffect<Next> =>
  Effect.map(success, (success) => ({ _tag: "Done", success }))

/** The success of an operation that was done earlier but not recorded. */
export const succeededEarlier = (made: {
  readonly nativeId: NativeId
  readonly properties: Properties
}): Succeeded => ({ status: "Succeeded", attempts: 0, nativeId: made.nativeId, properties: made.properties })

const notAsked: RecoveryAnswer = { status: "NotAsked" }
const stopped = { status: "Stopped" } as const

/** Runs a wait that can be given up at any time. Its result is `Stopped` once the command is asked to stop. */
export const unlessStopped = <A, E>(
  { stops, work }: Pick<Calls, "stops" | "work">,
  wait: Effect.Effect<A, E>,
): Effect.Effect<A | typeof stopped, E> =>
  Effect.raceFirst(wait, Effect.as(stops.awaitRequest(work.commandId), stopped))

/** Asks the plugin what became of a create, where that can help. `Stopped` if the command is asked to stop before there is an answer. */
export const ask = Effect.fnUntraced(function* (calls: Calls) {
  const { operator, restore, running, work } = calls
  const facts = running.facts()
  if (!isWorthAsking(facts, { recoverable: work.capabilities?.recoverable ?? false })) return notAsked
  const create = yield* restore(work.next)
  if (!("_tag" in create) || create._tag !== "Create") return notAsked
  const { _tag: _, ...request } = create
  const { nativeId } = facts
  const recover = operator.recover(nativeId === null ? request : { ...request, nativeId })
  const answer = yield* Effect.result(restore(unlessStopped(calls, recover)))
  if (answer._tag === "Failure") {
    if (answer.failure._tag !== "ConnectionLost") return notAsked
    yield* survive(running, answer.failure)
    return { status: "Absent" } satisfies RecoveryAnswer
  }
  if (answer.success.status === "NotStarted") running.markNothingMade()
  return answer.success
})

/** Sends an operation, and watches it to its end or to a safe point where it can be left. */
export const attempt = Effect.fnUntraced(function* (
  calls: Calls,
  operation: Operation,
): Effect.fn.Return<Next, ChangeFailed | StateError> {
  const { operator, restore, running, stops, work } = calls
  yield* work.onBegin
  const safePoint = Deferred.makeUnsafe<void>()
  const isStatus = operation._tag === "Status"
  let attempts = isStatus ? 0 : 1
  let isBetweenTries = false
  /** Whether the plugin goes on retrying although the command was asked to stop. */
  let isDeaf = false
  const leaveBetweenTries = Effect.suspend(() =>
    isDeaf && isBetweenTries && isRepeatable(work.entry, work.capabilities)
      ? Deferred.succeed(safePoint, undefined)
      : Effect.void,
  )
  if (isStatus) yield* Deferred.succeed(safePoint, undefined)
  const observe: ProgressObserver = Effect.fnUntraced(function* (progress) {
    const { failure } = progress
    attempts = progress.attempts
    isBetweenTries = failure !== undefined
    if (failure !== undefined && isAmbiguous(failure.code)) running.markUnanswered()
    // If progress cannot be recorded now, the record of the end includes it, or fails for the same reason.
    const written = yield* Effect.result(Effect.uninterruptible(running.recordProgress(progress)))
    if (written._tag === "Success" && running.facts().requestId !== null) yield* Deferred.succeed(safePoint, undefined)
    yield* leaveBetweenTries
    yield* work.observe(
      failure === undefined
        ? progress
        : { ...progress, failure: { ...failure, message: mask(failure.message, work.secrets) } },
    )
  })
  const { stopRetrying = () => Effect.fail(undefined) } = operator
  const endRetries = Effect.catch(
    Effect.suspend((): Effect.Effect<void, unknown> => stopRetrying(operation.operationId)),
    () => {
      isDeaf = true
      return leaveBetweenTries
    },
  )
  const stop = stops.awaitRequest(work.commandId).pipe(
    Effect.andThen(Deferred.isDone(safePoint)),
    Effect.flatMap((isSafe) =>
      // Otherwise the operation ends with its last failure, or with the answer to the try that is under way.
      isSafe ? Effect.void : Effect.raceFirst(Deferred.await(safePoint), Effect.andThen(endRetries, Effect.never)),
    ),
    Effect.as("Stopped" as const),
  )
  const performed = Effect.raceFirst(operator.perform(operation, observe), stop)
  const result = yield* measureOperation(operation, restore(performed), () => attempts)
  const finished = result._tag === "Success" && result.success !== "Stopped" ? result.success : undefined
  running.countAttempts(finished?.attempts ?? attempts)
  if (finished !== undefined) return yield* onEnd(calls, finished)
  if (result._tag === "Failure") return yield* onFailure(calls, result.failure)
  return yield* running.failure(
    running.facts().requestId === null
      ? leftUnderWay(
          work.entry,
          "left between two tries, because the command was asked to stop; the next command will check it",
        )
      : leftUnderWay(work.entry),
  )
})

const onEnd = Effect.fnUntraced(function* (
  calls: Calls,
  finished: Finished,
): Effect.fn.Return<Next, ChangeFailed | StateError> {
  if (finished.status === "Succeeded") return yield* ending(calls.running.succeed(finished))
  const { failure, nativeId } = finished
  if (nativeId !== undefined) yield* calls.running.recordProgress({ nativeId })
  const { code, message } = failure
  const callFailure = { _tag: "Refused", code } as const
  const isStopped = isRecoverable(code) && (yield* calls.stops.isRequested(calls.work.commandId))
  if (!isStopped) return yield* conclude(calls, callFailure, { reason: { _tag: "ProviderFailed", code }, message })
  return yield* conclude(calls, callFailure, notTriedAgain(finished.attempts, failure))
})

/** A failure on the way to the provider, not of the provider. */
const onFailure = (calls: Calls, error: OperatorError): OperationEffect<Next> => {
  const failure: StepFailure = { reason: reasonOf(error), message: error.message }
  switch (error._tag) {
    case "ConnectionLost":
      return error.sent
        ? Effect.as(survive(calls.running, error), again)
        : conclude(calls, { _tag: "NotSent" }, failure)
    case "OperationNotSupported":
      return conclude(calls, { _tag: "NotSent" }, failure)
    case "ProtocolError":
    case "OperationTimedOut":
      return conclude(calls, { _tag: "NoAnswer" }, failure)
    case "LeaseEnded":
      // The agent that has taken over finds out the rest. If nobody could, the plugin is asked as after a crash.
      return error.isRenewed === true
        ? Effect.as(Effect.sync(calls.running.markUnanswered), again)
        : Effect.fail(new StateTaken({ leaseEnded: true }))
  }
}

/** Ends an operation or leaves it open, as its failure allows. Where a create may have made something, asks the plugin first. */
const conclude = Effect.fnUntraced(function* (
  calls: Calls,
  callFailure: CallFailure,
  failure: StepFailure,
): Effect.fn.Return<Next, ChangeFailed | StateError> {
  const { running } = calls
  if (proofOf(running.facts(), callFailure) !== "Undecided") return yield* endByProof(running, callFailure, failure)
  const answer = yield* ask(calls)
  switch (answer.status) {
    case "Done":
      return yield* ending(running.succeed(succeededEarlier(answer)))
    case "InProgress":
      yield* running.recordProgress(answer)
      return again
    case "NotStarted":
      return yield* endAsFailed(running, failure)
    case "Absent":
    case "NotAsked":
    case "Stopped":
    case "Unknown":
      return yield* leaveOpen(running, failure)
  }
})

/** Ends an operation or leaves it open without asking the plugin: it has been asked already, or there is no plugin to ask. */
export const endByProof = (
  running: RunningOperation,
  callFailure: CallFailure,
  { message, reason }: StepFailure,
): OperationEffect<never> => {
  switch (proofOf(running.facts(), callFailure)) {
    case "Failed":
      return endAsFailed(running, { reason, message })
    case "PlanAgain":
      return running.leaveToPlan(reason, message)
    case "UnderWay":
    case "Undecided":
      return leaveOpen(running, { reason, message })
  }
}

/** What was not tried again because of a request to stop has not failed for good: the next plan decides again. */
const endAsFailed = (running: RunningOperation, { message, reason }: StepFailure): OperationEffect<never> =>
  isCanceled(reason) ? running.leaveToPlan(reason, message) : running.fail(reason, message)

const leaveOpen = (running: RunningOperation, { message, reason }: StepFailure): OperationEffect<never> =>
  running.leaveOpen(isCanceled(reason) ? { _tag: "LeftUnderWay" } : reason, message)

/** Records a crash of the plugin, and fails at the last one that is allowed. */
const survive = Effect.fnUntraced(function* (
  running: RunningOperation,
  loss: Extract<OperatorError, { _tag: "ConnectionLost" }>,
) {
  yield* running.recordCrash(loss)
  if (running.crashes() >= maxCrashes) {
    const message = `the plugin was lost ${maxCrashes} times while it ran: ${loss.message}`
    return yield* endByProof(running, { _tag: "NoAnswer" }, { reason: reasonOf(loss), message })
  }
})
