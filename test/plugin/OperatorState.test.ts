import { assert, describe, it } from "@effect/vitest"
import {
  initialState,
  isNews,
  nextCall,
  type OperatorState,
  progressOf,
  transition,
} from "../../src/plugin/OperatorState.ts"
import { RequestId } from "../../src/protocol/Identity.ts"
import { status } from "../operator/operations.ts"
import {
  failedAfter,
  failure,
  creating,
  named,
  nativeId,
  notStarted,
  retrying,
  retryingNamed,
  retryingStatus,
  succeededAfter,
  transitions,
  waiting,
  waitingNamed,
  work,
} from "./operatorTransitions.ts"

describe("the state of an operation", () => {
  it.each(transitions)("%s", (_, operation, idempotency, before, event, after) => {
    assert.deepEqual(transition(operation, idempotency, before, event), after)
  })

  it("is NotStarted at first, or waiting for accepted work if it is a Status", () => {
    assert.deepEqual(initialState(creating), notStarted)
    assert.deepEqual(initialState(status("Now", "r-1")), { ...waiting, attempts: 0 })
    assert.deepEqual(initialState({ ...status("Now", "r-1"), nativeId }), { ...waitingNamed, attempts: 0 })
  })

  it.each<[state: OperatorState, call: ReturnType<typeof nextCall>]>([
    [notStarted, { _tag: "Operation" }],
    [waiting, { _tag: "Status", work }],
    [retrying, { _tag: "Operation" }],
    [retryingNamed, { _tag: "Status", work: named }],
    [succeededAfter(1), undefined],
    [failedAfter(1, "NotFound"), undefined],
  ])("leads to the next call from %j", (state, call) => {
    assert.deepEqual(nextCall(state), call)
  })

  it("is reported as progress", () => {
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

  it("is news unless a poll finds the work unchanged", () => {
    assert.isFalse(isNews(waiting, waiting))
    assert.isTrue(isNews(waiting, waitingNamed))
    assert.isTrue(isNews(waiting, { ...waiting, work: { requestId: RequestId.make("r-2") } }))
    assert.isTrue(isNews(notStarted, waiting))
    assert.isTrue(isNews(waiting, retryingStatus))
    assert.isTrue(isNews(retryingStatus, retryingStatus))
    assert.isTrue(isNews(waiting, succeededAfter(1)))
  })
})
