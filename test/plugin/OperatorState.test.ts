import { assert, describe, it } from "@effect/vitest"
import {
  initialState,
  isNews,
  nextCall,
  type OperatorEvent,
  type OperatorState,
  progressOf,
  transition,
} from "../../src/plugin/OperatorState.ts"
import type { ErrorCode } from "../../src/protocol/ErrorCode.ts"
import { NativeId, RequestId } from "../../src/protocol/Identity.ts"
import type { Operation } from "../../src/protocol/Operation.ts"
import type { Idempotency } from "../../src/protocol/Resource.ts"
import { create, read, remove, status, update } from "../operator/operations.ts"

const nativeId = NativeId.make("n-1")
const work = { requestId: RequestId.make("r-1") }
const named = { ...work, nativeId }
const failure = (code: ErrorCode) => ({ code, message: `because of ${code}` })

const answered = (answer: Extract<OperatorEvent, { _tag: "Answered" }>["answer"]): OperatorEvent => ({
  _tag: "Answered",
  answer,
})
const success = answered({ _tag: "Succeeded", nativeId, properties: { A: 1 } })
const accepted = answered({ _tag: "InProgress", ...work })
const acceptedNamed = answered({ _tag: "InProgress", ...named })
const refused = (code: ErrorCode): OperatorEvent => ({ _tag: "Refused", failure: failure(code) })
const exhausted: OperatorEvent = { _tag: "RetriesExhausted" }

const notStarted: OperatorState = { _tag: "NotStarted", attempts: 0 }
const waiting: OperatorState = { _tag: "WaitingForResource", attempts: 1, work }
const waitingNamed: OperatorState = { _tag: "WaitingForResource", attempts: 1, work: named }
const retrying: OperatorState = { _tag: "Retrying", attempts: 1, failure: failure("Throttling") }
const retryingStatus: OperatorState = { ...retrying, work }
const retryingNamed: OperatorState = { ...retrying, work: named }
const retryingMade: OperatorState = { ...retrying, nativeId }
const succeededAfter = (attempts: number): OperatorState => ({
  _tag: "FinishedSuccessfully",
  attempts,
  nativeId,
  properties: { A: 1 },
})
const failedAfter = (attempts: number, code: ErrorCode, id?: NativeId): OperatorState => ({
  _tag: "FinishedWithError",
  attempts,
  failure: failure(code),
  ...(id === undefined ? {} : { nativeId: id }),
})

const making = create("Now", { Name: "a" })
const reading = read("Now", "n-1")
const removing = remove("Now", "n-1")
const changing = update("Now", "n-1", { prior: {}, desired: {}, patch: [] })

describe("the state of an operation", () => {
  it.each<[string, Operation, Idempotency, OperatorState, OperatorEvent, OperatorState]>([
    ["a call that succeeds ends it", making, "name", notStarted, success, succeededAfter(1)],
    ["work that is accepted is waited for", making, "name", notStarted, accepted, waiting],
    ["a native id that comes early is kept", making, "name", notStarted, acceptedNamed, waitingNamed],
    ["a native id is not lost by an answer without one", making, "name", waitingNamed, accepted, waitingNamed],
    ["a native id that comes with a status is kept", making, "name", waiting, acceptedNamed, waitingNamed],
    ["a status that is asked for is no attempt", making, "name", waiting, success, succeededAfter(1)],
    ["a recoverable failure is tried again", making, "name", notStarted, refused("Throttling"), retrying],
    ["a second one too", making, "name", retrying, refused("Throttling"), { ...retrying, attempts: 2 }],
    ["success after a failure", making, "name", retrying, success, succeededAfter(2)],
    ["work that is accepted after a failure", making, "name", retrying, accepted, { ...waiting, attempts: 2 }],
    ["a terminal failure ends it", making, "name", notStarted, refused("AccessDenied"), failedAfter(1, "AccessDenied")],
    ["a status that fails is asked for again", making, "name", waiting, refused("Throttling"), retryingStatus],
    ["a status of a named resource that fails", making, "name", waitingNamed, refused("Throttling"), retryingNamed],
    ["a status that answers after it failed", making, "name", retryingStatus, accepted, waiting],
    ["a status that succeeds after it failed", making, "name", retryingStatus, success, succeededAfter(1)],
    [
      "a status that fails for good leaves the native id",
      making,
      "name",
      waitingNamed,
      refused("InvalidRequest"),
      failedAfter(1, "InvalidRequest", nativeId),
    ],
    [
      "retries that are used up end it with the last failure",
      making,
      "name",
      retrying,
      exhausted,
      failedAfter(1, "Throttling"),
    ],
    [
      "retries of a status that are used up leave the native id",
      making,
      "name",
      retryingNamed,
      exhausted,
      failedAfter(1, "Throttling", nativeId),
    ],
    [
      "a delete of what is missing succeeded",
      removing,
      "none",
      notStarted,
      refused("NotFound"),
      { ...succeededAfter(1), properties: {} } as OperatorState,
    ],
    [
      "a delete of what is missing by its status, too",
      removing,
      "none",
      waiting,
      refused("NotFound"),
      { ...succeededAfter(1), properties: {} } as OperatorState,
    ],
    [
      "a read of what is missing is a failure at once",
      reading,
      "name",
      notStarted,
      refused("NotFound"),
      failedAfter(1, "NotFound", nativeId),
    ],
    [
      "an update of what is missing may be too early",
      changing,
      "name",
      notStarted,
      refused("NotFound"),
      { ...retrying, failure: failure("NotFound") },
    ],
    [
      "a create that may have been done is not repeated where nothing makes it harmless",
      making,
      "none",
      notStarted,
      refused("ServiceTimeout"),
      failedAfter(1, "ServiceTimeout"),
    ],
    ["one that has not been done is", making, "none", notStarted, refused("Throttling"), retrying],
    [
      "one that something makes harmless is",
      making,
      "tag",
      notStarted,
      refused("ServiceTimeout"),
      { ...retrying, failure: failure("ServiceTimeout") },
    ],
    [
      "its status may be asked for again",
      making,
      "none",
      waiting,
      refused("ServiceTimeout"),
      { ...retryingStatus, failure: failure("ServiceTimeout") } as OperatorState,
    ],
    [
      "a delete may be repeated whatever the type",
      removing,
      "none",
      notStarted,
      refused("ServiceTimeout"),
      { ...retrying, failure: failure("ServiceTimeout") },
    ],
    [
      "a native id that comes with a failure is kept",
      making,
      "name",
      notStarted,
      { ...refused("Throttling"), nativeId } as OperatorEvent,
      retryingMade,
    ],
    [
      "a native id is not lost by a failure without one",
      making,
      "name",
      retryingMade,
      refused("Throttling"),
      { ...retryingMade, attempts: 2 } as OperatorState,
    ],
    [
      "nor by a failure for good",
      making,
      "name",
      retryingMade,
      refused("AccessDenied"),
      failedAfter(2, "AccessDenied", nativeId),
    ],
    [
      "nor by work that is accepted without one",
      making,
      "name",
      retryingMade,
      accepted,
      { ...waitingNamed, attempts: 2 } as OperatorState,
    ],
    [
      "a create that has made something is not repeated where nothing makes it harmless",
      making,
      "none",
      notStarted,
      { ...refused("Throttling"), nativeId } as OperatorEvent,
      failedAfter(1, "Throttling", nativeId),
    ],
    ["an end is an end", making, "name", succeededAfter(1), refused("Throttling"), succeededAfter(1)],
    ["a failed end too", making, "name", failedAfter(1, "AccessDenied"), success, failedAfter(1, "AccessDenied")],
  ])("%s", (_, operation, idempotency, before, event, after) => {
    assert.deepEqual(transition(operation, idempotency, before, event), after)
  })

  it("begins by being sent, and a Status where an earlier launch left off", () => {
    assert.deepEqual(initialState(making), notStarted)
    assert.deepEqual(initialState(status("Now", "r-1")), { ...waiting, attempts: 0 })
    assert.deepEqual(initialState({ ...status("Now", "r-1"), nativeId }), { ...waitingNamed, attempts: 0 })
  })

  it.each<[OperatorState, ReturnType<typeof nextCall>]>([
    [notStarted, { _tag: "Operation" }],
    [waiting, { _tag: "Status", work }],
    [retrying, { _tag: "Operation" }],
    [retryingNamed, { _tag: "Status", work: named }],
    [succeededAfter(1), undefined],
    [failedAfter(1, "NotFound"), undefined],
  ])("leads on from %j", (state, call) => {
    assert.deepEqual(nextCall(state), call)
  })

  it("is told as progress", () => {
    assert.deepEqual(progressOf(waitingNamed), { status: "InProgress", attempts: 1, ...named })
    assert.deepEqual(progressOf(retryingStatus), {
      status: "InProgress",
      attempts: 1,
      failure: failure("Throttling"),
      ...work,
    })
    assert.deepEqual(progressOf(succeededAfter(2)), {
      status: "Succeeded",
      attempts: 2,
      nativeId,
      properties: { A: 1 },
    })
    assert.deepEqual(progressOf(failedAfter(2, "NotFound")), {
      status: "Failed",
      attempts: 2,
      failure: failure("NotFound"),
    })
  })

  it("is news unless a poll finds the work as it was", () => {
    assert.isFalse(isNews(waiting, waiting))
    assert.isTrue(isNews(waiting, waitingNamed))
    assert.isTrue(isNews(waiting, { ...waiting, work: { requestId: RequestId.make("r-2") } }))
    assert.isTrue(isNews(notStarted, waiting))
    assert.isTrue(isNews(waiting, retryingStatus))
    assert.isTrue(isNews(retryingStatus, retryingStatus))
    assert.isTrue(isNews(waiting, succeededAfter(1)))
  })
})
