/**
 * The state machine of one operation, as a function of (state, event).
 *
 *     NotStarted ──► WaitingForResource ◄──► Retrying
 *         │ ▲                │                 │
 *         │ └── Retrying     │                 │
 *         ▼                  ▼                 ▼
 *     FinishedSuccessfully / FinishedWithError
 *
 * The driver makes the call that `nextCall` names, waits if the state says so,
 * and reports the outcome as an event. It decides nothing.
 */
import { isAmbiguous, isRecoverable, type Failure } from "../protocol/ErrorCode.ts"
import type { NativeId, RequestId } from "../protocol/Identity.ts"
import type { Operation } from "../protocol/Operation.ts"
import type { Progress } from "../protocol/Progress.ts"
import type { Idempotency, Properties } from "../protocol/Resource.ts"
import type { ProviderAnswer } from "./Answer.ts"

/** Work that the provider has accepted, and what is needed to ask for its status. */
export interface AcceptedWork {
  /** Identifies the work. */
  readonly requestId: RequestId
  /** Left out until it is known. */
  readonly nativeId?: NativeId
}

/** Where an operation is. `attempts` counts how often it was sent to the provider. */
export type OperatorState =
  | { readonly _tag: "NotStarted"; readonly attempts: 0 }
  | { readonly _tag: "WaitingForResource"; readonly attempts: number; readonly work: AcceptedWork }
  | {
      readonly _tag: "Retrying"
      readonly attempts: number
      readonly failure: Failure
      /** Set if a status call failed: then only the status call is repeated, and the operation is not sent again. */
      readonly work?: AcceptedWork
      /** Set if the resource exists although the call failed. */
      readonly nativeId?: NativeId
    }
  | {
      readonly _tag: "FinishedSuccessfully"
      readonly attempts: number
      readonly nativeId: NativeId
      readonly properties: Properties
    }
  | {
      readonly _tag: "FinishedWithError"
      readonly attempts: number
      readonly failure: Failure
      readonly nativeId?: NativeId
    }

/** What can happen to an operation: an answer or a refusal of the provider, the end or a defect of the schedule that it waits by, or a stop before a call was sent. */
export type OperatorEvent =
  | { readonly _tag: "Answered"; readonly answer: ProviderAnswer }
  | { readonly _tag: "Refused"; readonly failure: Failure; readonly nativeId?: NativeId }
  | { readonly _tag: "ScheduleEnded" }
  | { readonly _tag: "ScheduleThrew"; readonly failure: Failure }
  | { readonly _tag: "Unsent"; readonly failure: Failure }

/** The next call to make: the operation itself, or the status of work that was accepted. */
export type NextCall = { readonly _tag: "Operation" } | { readonly _tag: "Status"; readonly work: AcceptedWork }

/** The first state: the operation is to be sent. A Status begins with work that an earlier launch got accepted. */
export const initialState = (operation: Operation): OperatorState =>
  operation._tag === "Status"
    ? { _tag: "WaitingForResource", attempts: 0, work: acceptedWork(operation.requestId, operation.nativeId) }
    : { _tag: "NotStarted", attempts: 0 }

/** The call that a state leads to, or undefined after the end. */
export const nextCall = (state: OperatorState): NextCall | undefined => {
  switch (state._tag) {
    case "NotStarted":
      return { _tag: "Operation" }
    case "WaitingForResource":
      return { _tag: "Status", work: state.work }
    case "Retrying":
      return state.work === undefined ? { _tag: "Operation" } : { _tag: "Status", work: state.work }
    case "FinishedSuccessfully":
    case "FinishedWithError":
      return undefined
  }
}

/** The state after an event. */
export const transition = (
  operation: Operation,
  idempotency: Idempotency,
  state: OperatorState,
  event: OperatorEvent,
): OperatorState => {
  const call = nextCall(state)
  if (call === undefined) return state
  const work = call._tag === "Status" ? call.work : undefined
  const knownNativeId = state._tag === "Retrying" ? state.nativeId : undefined
  switch (event._tag) {
    case "Answered":
      return afterAnswer(event.answer, work, knownNativeId, attemptsAfter(state, call))
    case "Refused":
      return afterRefusal(
        operation,
        idempotency,
        { ...event, ...withNativeId(event.nativeId ?? knownNativeId) },
        work,
        attemptsAfter(state, call),
      )
    case "ScheduleEnded":
      return afterSchedule(state)
    case "Unsent":
      return state._tag === "Retrying" ? afterSchedule(state) : failed(state.attempts, event.failure, undefined)
    case "ScheduleThrew":
      return failed(state.attempts, event.failure, knownNativeId ?? work?.nativeId)
  }
}

/** A state as it is reported to the agent. */
export const progressOf = (state: OperatorState): Progress => {
  switch (state._tag) {
    case "NotStarted":
      return { status: "InProgress", attempts: 0 }
    case "WaitingForResource":
      return { status: "InProgress", attempts: state.attempts, ...state.work }
    case "Retrying":
      return {
        status: "InProgress",
        attempts: state.attempts,
        failure: state.failure,
        ...state.work,
        ...withNativeId(nativeIdOf(state)),
      }
    case "FinishedSuccessfully":
      return {
        status: "Succeeded",
        attempts: state.attempts,
        nativeId: state.nativeId,
        properties: state.properties,
      }
    case "FinishedWithError":
      return {
        status: "Failed",
        attempts: state.attempts,
        failure: state.failure,
        ...withNativeId(state.nativeId),
      }
  }
}

const withNativeId = (nativeId: NativeId | undefined): { readonly nativeId?: NativeId } =>
  nativeId === undefined ? {} : { nativeId }

const nativeIdOf = (state: Extract<OperatorState, { _tag: "Retrying" }>): NativeId | undefined =>
  state.nativeId ?? state.work?.nativeId

/** Whether a step is worth reporting. A poll that finds the work unchanged is not. */
export const isNews = (before: OperatorState, after: OperatorState): boolean =>
  !(
    before._tag === "WaitingForResource" &&
    after._tag === "WaitingForResource" &&
    before.work.requestId === after.work.requestId &&
    before.work.nativeId === after.work.nativeId
  )

const attemptsAfter = (state: OperatorState, call: NextCall): number =>
  call._tag === "Operation" ? state.attempts + 1 : state.attempts

const acceptedWork = (requestId: RequestId, nativeId: NativeId | undefined): AcceptedWork => ({
  requestId,
  ...withNativeId(nativeId),
})

const afterAnswer = (
  answer: ProviderAnswer,
  work: AcceptedWork | undefined,
  knownNativeId: NativeId | undefined,
  attempts: number,
): OperatorState =>
  answer._tag === "Succeeded"
    ? { _tag: "FinishedSuccessfully", attempts, nativeId: answer.nativeId, properties: answer.properties }
    : {
        _tag: "WaitingForResource",
        attempts,
        work: acceptedWork(answer.requestId, answer.nativeId ?? work?.nativeId ?? knownNativeId),
      }

const afterRefusal = (
  operation: Operation,
  idempotency: Idempotency,
  { failure, nativeId }: Extract<OperatorEvent, { _tag: "Refused" }>,
  work: AcceptedWork | undefined,
  attempts: number,
): OperatorState => {
  if (failure.code === "NotFound") {
    // A missing resource is what a delete wants, and what a read wants to know.
    if (operation._tag === "Delete") {
      return { _tag: "FinishedSuccessfully", attempts, nativeId: operation.nativeId, properties: {} }
    }
    if (operation._tag === "Read") return failed(attempts, failure, operation.nativeId)
  }
  const mayRepeat = work !== undefined || maySendAgain(operation, idempotency, failure, nativeId)
  return isRecoverable(failure.code) && mayRepeat
    ? { _tag: "Retrying", attempts, failure, ...(work === undefined ? {} : { work }), ...withNativeId(nativeId) }
    : failed(attempts, failure, nativeId ?? work?.nativeId)
}

/** Once polling ends, the outcome is unknown, so the code is an ambiguous one. */
const pollingEnded: Failure = {
  code: "ServiceTimeout",
  message: "The provider accepted the work and had not finished it when polling ended",
}

const afterSchedule = (state: OperatorState): OperatorState => {
  switch (state._tag) {
    case "Retrying":
      return failed(state.attempts, state.failure, nativeIdOf(state))
    case "WaitingForResource":
      return failed(state.attempts, pollingEnded, state.work.nativeId)
    default:
      return state
  }
}

/** A create without idempotency must not be repeated if it may have been done, or has been done in part. */
const maySendAgain = (
  operation: Operation,
  idempotency: Idempotency,
  failure: Failure,
  nativeId: NativeId | undefined,
): boolean =>
  operation._tag !== "Create" || idempotency !== "none" || (nativeId === undefined && !isAmbiguous(failure.code))

const failed = (attempts: number, failure: Failure, nativeId: NativeId | undefined): OperatorState => ({
  _tag: "FinishedWithError",
  attempts,
  failure,
  ...withNativeId(nativeId),
})
