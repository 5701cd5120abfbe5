/** The transitions of the state machine of one operation, as a table, and the states in it. */
import type { OperatorEvent, OperatorState } from "../../src/plugin/OperatorState.ts"
import type { ErrorCode } from "../../src/protocol/ErrorCode.ts"
import { NativeId, RequestId } from "../../src/protocol/Identity.ts"
import type { Operation } from "../../src/protocol/Operation.ts"
import type { Idempotency } from "../../src/protocol/Resource.ts"
import { create, read, remove, update } from "../operator/operations.ts"

export const nativeId = NativeId.make("n-1")
export const work = { requestId: RequestId.make("r-1") }
export const named = { ...work, nativeId }
export const failure = (code: ErrorCode) => ({ code, message: `because of ${code}` })

const answered = (answer: Extract<OperatorEvent, { _tag: "Answered" }>["answer"]): OperatorEvent => ({
  _tag: "Answered",
  answer,
})
const success = answered({ _tag: "Succeeded", nativeId, properties: { A: 1 } })
const accepted = answered({ _tag: "InProgress", ...work })
const acceptedNamed = answered({ _tag: "InProgress", ...named })
const refused = (code: ErrorCode): OperatorEvent => ({ _tag: "Refused", failure: failure(code) })
const scheduleEnded: OperatorEvent = { _tag: "ScheduleEnded" }
const unsent: OperatorEvent = { _tag: "Unsent", failure: failure("Throttling") }
const scheduleThrew: OperatorEvent = { _tag: "ScheduleThrew", failure: failure("UnforeseenError") }

export const notStarted: OperatorState = { _tag: "NotStarted", attempts: 0 }
export const waiting = { _tag: "WaitingForResource", attempts: 1, work } as const satisfies OperatorState
export const waitingNamed: OperatorState = { _tag: "WaitingForResource", attempts: 1, work: named }
export const retrying = {
  _tag: "Retrying",
  attempts: 1,
  failure: failure("Throttling"),
} as const satisfies OperatorState
export const retryingStatus = { ...retrying, work }
export const retryingNamed: OperatorState = { ...retrying, work: named }
const retryingKnown: OperatorState = { ...retrying, nativeId }
export const succeededAfter = (attempts: number): OperatorState => ({
  _tag: "FinishedSuccessfully",
  attempts,
  nativeId,
  properties: { A: 1 },
})
export const failedAfter = (attempts: number, code: ErrorCode, id?: NativeId): OperatorState => ({
  _tag: "FinishedWithError",
  attempts,
  failure: failure(code),
  ...(id === undefined ? {} : { nativeId: id }),
})

export const creating = create("Now", { Name: "a" })
const reading = read("Now", "n-1")
const deleting = remove("Now", "n-1")
const updating = update("Now", "n-1", { prior: {}, desired: {}, patch: [] })

type Transition = [
  title: string,
  operation: Operation,
  idempotency: Idempotency,
  before: OperatorState,
  event: OperatorEvent,
  after: OperatorState,
]

export const transitions: ReadonlyArray<Transition> = [
  ["a call that succeeds ends the operation", creating, "name", notStarted, success, succeededAfter(1)],
  ["accepted work is waited for", creating, "name", notStarted, accepted, waiting],
  ["a native id that comes early is kept", creating, "name", notStarted, acceptedNamed, waitingNamed],
  ["a native id is not lost by an answer without one", creating, "name", waitingNamed, accepted, waitingNamed],
  ["a native id that comes with a status is kept", creating, "name", waiting, acceptedNamed, waitingNamed],
  ["a status call is not an attempt", creating, "name", waiting, success, succeededAfter(1)],
  ["a recoverable failure is retried", creating, "name", notStarted, refused("Throttling"), retrying],
  [
    "a second recoverable failure is retried too",
    creating,
    "name",
    retrying,
    refused("Throttling"),
    { ...retrying, attempts: 2 },
  ],
  [
    "a call that was stopped before it was sent is no attempt",
    creating,
    "name",
    notStarted,
    unsent,
    failedAfter(0, "Throttling"),
  ],
  [
    "a retry that was stopped before it was sent ends with the failure before it",
    creating,
    "name",
    { ...retrying, failure: failure("NetworkFailure") },
    unsent,
    failedAfter(1, "NetworkFailure"),
  ],
  ["a retry may succeed", creating, "name", retrying, success, succeededAfter(2)],
  ["a retry may be accepted", creating, "name", retrying, accepted, { ...waiting, attempts: 2 }],
  [
    "a terminal failure ends the operation",
    creating,
    "name",
    notStarted,
    refused("AccessDenied"),
    failedAfter(1, "AccessDenied"),
  ],
  ["a status call that fails is repeated", creating, "name", waiting, refused("Throttling"), retryingStatus],
  [
    "a status call that fails keeps the native id",
    creating,
    "name",
    waitingNamed,
    refused("Throttling"),
    retryingNamed,
  ],
  ["a status call may answer after it failed", creating, "name", retryingStatus, accepted, waiting],
  ["a status call may succeed after it failed", creating, "name", retryingStatus, success, succeededAfter(1)],
  [
    "a status call with a terminal failure keeps the native id",
    creating,
    "name",
    waitingNamed,
    refused("InvalidRequest"),
    failedAfter(1, "InvalidRequest", nativeId),
  ],
  [
    "used up retries end the operation with the last failure",
    creating,
    "name",
    retrying,
    scheduleEnded,
    failedAfter(1, "Throttling"),
  ],
  [
    "used up retries of a status call keep the native id",
    creating,
    "name",
    retryingNamed,
    scheduleEnded,
    failedAfter(1, "Throttling", nativeId),
  ],
  [
    "work that is polled no more leaves open what became of it, and keeps the native id",
    creating,
    "name",
    waitingNamed,
    scheduleEnded,
    {
      _tag: "FinishedWithError",
      attempts: 1,
      failure: {
        code: "ServiceTimeout",
        message: "The provider accepted the work and had not finished it when polling ended",
      },
      nativeId,
    },
  ],
  [
    "a mistake in the schedule of the retries is not an attempt, and ends the operation",
    creating,
    "name",
    retrying,
    scheduleThrew,
    failedAfter(1, "UnforeseenError"),
  ],
  [
    "a mistake in the schedule of the retries keeps the native id that came with a refusal",
    creating,
    "name",
    retryingKnown,
    scheduleThrew,
    failedAfter(1, "UnforeseenError", nativeId),
  ],
  [
    "a mistake in the schedule of the retries of a status call keeps the native id",
    creating,
    "name",
    retryingNamed,
    scheduleThrew,
    failedAfter(1, "UnforeseenError", nativeId),
  ],
  [
    "a mistake in the schedule of the polls keeps the native id",
    creating,
    "name",
    waitingNamed,
    scheduleThrew,
    failedAfter(1, "UnforeseenError", nativeId),
  ],
  [
    "a delete of a missing resource succeeds",
    deleting,
    "none",
    notStarted,
    refused("NotFound"),
    { ...succeededAfter(1), properties: {} } as OperatorState,
  ],
  [
    "a delete whose status finds no resource succeeds too",
    deleting,
    "none",
    waiting,
    refused("NotFound"),
    { ...succeededAfter(1), properties: {} } as OperatorState,
  ],
  [
    "a read of a missing resource fails without a retry",
    reading,
    "name",
    notStarted,
    refused("NotFound"),
    failedAfter(1, "NotFound", nativeId),
  ],
  [
    "an update of a missing resource is retried, because it may be too early",
    updating,
    "name",
    notStarted,
    refused("NotFound"),
    { ...retrying, failure: failure("NotFound") },
  ],
  [
    "a create without idempotency is not repeated if it may have been done",
    creating,
    "none",
    notStarted,
    refused("ServiceTimeout"),
    failedAfter(1, "ServiceTimeout"),
  ],
  [
    "a create without idempotency is repeated if it was not done",
    creating,
    "none",
    notStarted,
    refused("Throttling"),
    retrying,
  ],
  [
    "a create with idempotency is repeated if it may have been done",
    creating,
    "tag",
    notStarted,
    refused("ServiceTimeout"),
    { ...retrying, failure: failure("ServiceTimeout") },
  ],
  [
    "a status call of a create without idempotency is repeated",
    creating,
    "none",
    waiting,
    refused("ServiceTimeout"),
    { ...retryingStatus, failure: failure("ServiceTimeout") } as OperatorState,
  ],
  [
    "a delete is repeated for every idempotency",
    deleting,
    "none",
    notStarted,
    refused("ServiceTimeout"),
    { ...retrying, failure: failure("ServiceTimeout") },
  ],
  [
    "a native id that comes with a failure is kept",
    creating,
    "name",
    notStarted,
    { ...refused("Throttling"), nativeId } as OperatorEvent,
    retryingKnown,
  ],
  [
    "a native id is not lost by a failure without one",
    creating,
    "name",
    retryingKnown,
    refused("Throttling"),
    { ...retryingKnown, attempts: 2 } as OperatorState,
  ],
  [
    "a native id is not lost by a terminal failure",
    creating,
    "name",
    retryingKnown,
    refused("AccessDenied"),
    failedAfter(2, "AccessDenied", nativeId),
  ],
  [
    "a native id is not lost by accepted work without one",
    creating,
    "name",
    retryingKnown,
    accepted,
    { ...waitingNamed, attempts: 2 } as OperatorState,
  ],
  [
    "a create without idempotency is not repeated if it has made something",
    creating,
    "none",
    notStarted,
    { ...refused("Throttling"), nativeId } as OperatorEvent,
    failedAfter(1, "Throttling", nativeId),
  ],
  ["nothing changes a success", creating, "name", succeededAfter(1), refused("Throttling"), succeededAfter(1)],
  [
    "nothing changes a failure",
    creating,
    "name",
    failedAfter(1, "AccessDenied"),
    success,
    failedAfter(1, "AccessDenied"),
  ],
]
