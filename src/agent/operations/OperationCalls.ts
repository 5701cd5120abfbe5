/** The calls of one operation on the launch that serves now, and what follows from how they end. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { isAmbiguous } from "../../protocol/ErrorCode.ts"
import type { NativeId } from "../../protocol/Identity.ts"
import { mask } from "../../protocol/Masking.ts"
import type { Operation } from "../../protocol/Operation.ts"
import type { OperatorError } from "../../protocol/OperatorError.ts"
import type { PluginOperator, ProgressObserver } from "../../protocol/PluginOperator.ts"
import type { Finished, Succeeded } from "../../protocol/Progress.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { type ChangeFailed, reasonOf } from "./ChangeFailed.ts"
import { type Failing, whatItProves } from "./Proof.ts"
import { isWorthAsking, type Said } from "./Recovery.ts"
import type { Done } from "./OperationEndings.ts"
import type { RunningOperation } from "./RunningOperation.ts"
import type { StopRequests } from "./StopRequests.ts"
import type { Work } from "./Work.ts"

/** What a round of an operation leads to: its end, another round, or nothing that would have to be known. */
export type Next =
  | { readonly _tag: "Done"; readonly done: Done }
  | { readonly _tag: "Again" }
  | { readonly _tag: "Nothing" }

/** Why an operation ends without success, and what is said of it. */
type Failure = Pick<ChangeFailed, "message" | "reason">

export type Ends<A> = Effect.Effect<A, ChangeFailed | SqlError>

export interface Calls {
  readonly work: Work
  readonly running: RunningOperation
  readonly operator: PluginOperator["Service"]
  readonly stops: StopRequests["Service"]
  /** Makes a call interruptible again. */
  readonly restore: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** At so many losses of the plugin an operation is left for a later command; quarantine comes before, for what crashes quickly. */
const maxLosses = 10

export const again: Next = { _tag: "Again" }

export const ending = (done: Effect.Effect<Done, SqlError>): Effect.Effect<Next, SqlError> =>
  Effect.map(done, (ended) => ({ _tag: "Done", done: ended }))

export const succeededEarlier = (made: {
  readonly nativeId: NativeId
  readonly properties: Properties
}): Succeeded => ({
  status: "Succeeded",
  attempts: 0,
  nativeId: made.nativeId,
  properties: made.properties,
})

const notAsked: Said = { status: "NotAsked" }

/** What the plugin says of a create, where that helps. */
export const ask = Effect.fnUntraced(function* ({ operator, restore, running, work }: Calls) {
  const known = running.known()
  if (!isWorthAsking(known, { recoverable: work.capabilities?.recoverable ?? false })) return notAsked
  const create = yield* restore(work.next)
  if (!("_tag" in create) || create._tag !== "Create") return notAsked
  const { _tag: _, ...request } = create
  const { nativeId } = known
  const said = yield* Effect.result(restore(operator.recover(nativeId === null ? request : { ...request, nativeId })))
  if (said._tag === "Failure") {
    if (said.failure._tag !== "ConnectionLost") return notAsked
    yield* survive(running, said.failure)
    return { status: "Absent" } satisfies Said
  }
  if (said.success.status === "NotStarted") running.markNothingMade()
  return said.success
})

/** Sends an operation, watches it to its end or to where it can be left, and deals with what came of it. */
export const attempt = Effect.fnUntraced(function* (
  calls: Calls,
  operation: Operation,
): Effect.fn.Return<Next, ChangeFailed | SqlError> {
  const { operator, restore, running, stops, work } = calls
  yield* work.begins
  const safe = Deferred.makeUnsafe<void>()
  const isStatus = operation._tag === "Status"
  let times = isStatus ? 0 : 1
  if (isStatus) yield* Deferred.succeed(safe, undefined)
  const note: ProgressObserver = Effect.fnUntraced(function* (progress) {
    const { failure } = progress
    times = progress.attempts
    if (failure !== undefined && isAmbiguous(failure.code)) running.markUnanswered()
    // What can not be written now is written with the end, or that says why not.
    const written = yield* Effect.result(Effect.uninterruptible(running.recordProgress(progress)))
    if (written._tag === "Success" && running.known().requestId !== null) yield* Deferred.succeed(safe, undefined)
    yield* work.observe(
      failure === undefined
        ? progress
        : { ...progress, failure: { ...failure, message: mask(failure.message, work.secrets) } },
    )
  })
  const left = Deferred.await(safe).pipe(Effect.andThen(stops.awaitRequest(work.commandId)), Effect.as("Left" as const))
  const result = yield* Effect.result(restore(Effect.raceFirst(operator.perform(operation, note), left)))
  const finished = result._tag === "Success" && result.success !== "Left" ? result.success : undefined
  running.countAttempts(finished?.attempts ?? times)
  if (finished !== undefined) return yield* onEnd(calls, finished)
  if (result._tag === "Failure") return yield* onFailure(calls, result.failure)
  return yield* running.failure(
    { _tag: "LeftUnderWay" },
    "the provider works on it, and the next command goes on with it",
  )
})

const onEnd = Effect.fnUntraced(function* (
  calls: Calls,
  finished: Finished,
): Effect.fn.Return<Next, ChangeFailed | SqlError> {
  if (finished.status === "Succeeded") return yield* ending(calls.running.succeed(finished))
  const { failure, nativeId } = finished
  if (nativeId !== undefined) yield* calls.running.recordProgress({ nativeId })
  const { code, message } = failure
  return yield* conclude(calls, { _tag: "Refused", code }, { reason: { _tag: "ProviderFailed", code }, message })
})

/** A failure of the way there, and not of the provider. */
const onFailure = (calls: Calls, error: OperatorError): Ends<Next> => {
  const failure: Failure = { reason: reasonOf(error), message: error.message }
  switch (error._tag) {
    case "ConnectionLost":
      return error.sent
        ? Effect.as(survive(calls.running, error), again)
        : conclude(calls, { _tag: "NotSent" }, failure)
    case "OperationNotSupported":
      return conclude(calls, { _tag: "NotSent" }, failure)
    case "ProtocolError":
    case "OperationTimedOut":
      return conclude(calls, { _tag: "Unheard" }, failure)
  }
}

/** Ends an operation, or leaves it, as its failure allows. Of a create that may have made something, the plugin may know more. */
const conclude = Effect.fnUntraced(function* (
  calls: Calls,
  failing: Failing,
  failure: Failure,
): Effect.fn.Return<Next, ChangeFailed | SqlError> {
  const { running } = calls
  if (whatItProves(running.known(), failing) !== "Undecided") return yield* endByProof(running, failing, failure)
  const said = yield* ask(calls)
  switch (said.status) {
    case "Done":
      return yield* ending(running.succeed(succeededEarlier(said)))
    case "InProgress":
      yield* running.recordProgress(said)
      return again
    case "NotStarted":
      return yield* running.fail(failure.reason, failure.message)
    case "Absent":
    case "NotAsked":
    case "Unknown":
      return yield* running.leaveOpen(failure.reason, failure.message)
  }
})

/** The same without asking: there is nobody to ask, or it has been done. */
export const endByProof = (running: RunningOperation, failing: Failing, { message, reason }: Failure): Ends<never> => {
  switch (whatItProves(running.known(), failing)) {
    case "Failed":
      return running.fail(reason, message)
    case "Anew":
      return running.leaveToPlan(reason, message)
    case "UnderWay":
    case "Undecided":
      return running.leaveOpen(reason, message)
  }
}

const survive = Effect.fnUntraced(function* (
  running: RunningOperation,
  loss: Extract<OperatorError, { _tag: "ConnectionLost" }>,
) {
  yield* running.recordLoss(loss)
  if (running.losses() >= maxLosses) {
    const message = `the plugin was lost ${maxLosses} times while it ran: ${loss.message}`
    return yield* endByProof(running, { _tag: "Unheard" }, { reason: reasonOf(loss), message })
  }
})
