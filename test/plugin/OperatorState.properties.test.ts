import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import {
  initialState,
  nextCall,
  type NextCall,
  type OperatorEvent,
  type OperatorState,
  progressOf,
  transition,
} from "../../src/plugin/OperatorState.ts"
import { ErrorCode, isAmbiguous, isRecoverable } from "../../src/protocol/ErrorCode.ts"
import { NativeId, RequestId } from "../../src/protocol/Identity.ts"
import type { Operation } from "../../src/protocol/Operation.ts"
import { isFinished, Progress } from "../../src/protocol/Progress.ts"
import { Idempotency } from "../../src/protocol/Resource.ts"
import { create, read, remove, status, update } from "../operator/operations.ts"

const operations: Record<Operation["_tag"], Operation> = {
  Create: create("Now", { Name: "a" }),
  Read: read("Now", "n-1"),
  Update: update("Now", "n-1", { prior: {}, desired: {}, patch: [] }),
  Delete: remove("Now", "n-1"),
  Status: status("Now", "r-1"),
}
const Kind = Schema.Literals(["Create", "Read", "Update", "Delete", "Status"])
const Happening = Schema.Literals([
  ...ErrorCode.literals,
  "Succeeded",
  "InProgress",
  "InProgress",
  "InProgress, named",
  "Ended",
  "Threw",
  "Refused, named",
])

const eventOf = (happening: typeof Happening.Type, index: number): OperatorEvent => {
  const requestId = RequestId.make(`r-${index}`)
  switch (happening) {
    case "Succeeded":
      return { _tag: "Answered", answer: { _tag: "Succeeded", nativeId: NativeId.make("n-1"), properties: {} } }
    case "InProgress":
      return { _tag: "Answered", answer: { _tag: "InProgress", requestId } }
    case "InProgress, named":
      return { _tag: "Answered", answer: { _tag: "InProgress", requestId, nativeId: NativeId.make("n-1") } }
    case "Ended":
      return { _tag: "ScheduleEnded" }
    case "Threw":
      return { _tag: "ScheduleThrew", failure: { code: "UnforeseenError", message: `failure ${index}` } }
    case "Refused, named":
      return {
        _tag: "Refused",
        failure: { code: "Throttling", message: `failure ${index}` },
        nativeId: NativeId.make("n-1"),
      }
    default:
      return { _tag: "Refused", failure: { code: happening, message: `failure ${index}` } }
  }
}

interface Step {
  readonly before: OperatorState
  readonly call: NextCall
  readonly event: OperatorEvent
  readonly after: OperatorState
}

/** The steps of an operation to which this happens. */
const run = (operation: Operation, idempotency: Idempotency, happenings: ReadonlyArray<typeof Happening.Type>) => {
  const steps: Array<Step> = []
  let state = initialState(operation)
  for (const [index, happening] of happenings.entries()) {
    const call = nextCall(state)
    if (call === undefined) break
    // A schedule can end or throw only while the operation waits.
    if ((happening === "Ended" || happening === "Threw") && state._tag === "NotStarted") continue
    const event = eventOf(happening, index)
    const after = transition(operation, idempotency, state, event)
    steps.push({ before: state, call, event, after })
    state = after
  }
  return { steps, end: state }
}

const isCall = ({ event }: Step) => event._tag !== "ScheduleEnded" && event._tag !== "ScheduleThrew"
const codeOf = ({ event }: Step) => (event._tag === "Refused" ? event.failure.code : undefined)

describe("an operation, whatever happens to it", () => {
  const properties = (
    name: string,
    check: (run: { steps: ReadonlyArray<Step>; end: OperatorState }, operation: Operation, how: Idempotency) => void,
  ) =>
    it.prop(
      name,
      [Kind, Idempotency, Arbitrary.array(Arbitrary.schema(Happening), { maxLength: 30 })],
      ([kind, idempotency, happenings]) =>
        check(run(operations[kind], idempotency, happenings), operations[kind], idempotency),
      { arbitrary: { runs: 500 } },
    )

  properties("has either ended or a next call", ({ end, steps }) => {
    const ended = end._tag === "FinishedSuccessfully" || end._tag === "FinishedWithError"
    assert.strictEqual(nextCall(end) === undefined, ended)
    assert.strictEqual(isFinished(progressOf(end)), ended)
    for (const step of steps) {
      const code = codeOf(step)
      if (code !== undefined && !isRecoverable(code)) assert.strictEqual(step.after._tag, "FinishedWithError")
      if (!isCall(step)) assert.strictEqual(step.after._tag, "FinishedWithError")
    }
  })

  properties("counts how often it was sent, and nothing else", ({ end, steps }) => {
    assert.strictEqual(end.attempts, steps.filter((step) => isCall(step) && step.call._tag === "Operation").length)
  })

  properties("is never sent again once the provider has accepted the work", ({ steps }) => {
    const accepted = steps.findIndex(({ after }) => after._tag === "WaitingForResource")
    if (accepted === -1) return
    for (const { call } of steps.slice(accepted + 1)) assert.strictEqual(call._tag, "Status")
  })

  properties("is never sent again because a status failed", ({ steps }, operation) => {
    const failed = steps.findIndex((step) => step.call._tag === "Status" && codeOf(step) !== undefined)
    if (failed === -1) return
    for (const { call } of steps.slice(failed + 1)) assert.strictEqual(call._tag, "Status")
    if (operation._tag === "Status") for (const { call } of steps) assert.strictEqual(call._tag, "Status")
  })

  properties("ends if it is a create without idempotency that may have been done", ({ steps }, operation, how) => {
    if (operation._tag !== "Create" || how !== "none") return
    for (const step of steps) {
      const code = codeOf(step)
      if (step.call._tag === "Operation" && code !== undefined && isAmbiguous(code)) {
        assert.strictEqual(step.after._tag, "FinishedWithError")
      }
    }
  })

  properties("ends at a missing resource if it is a delete or a read", ({ steps }, operation) => {
    for (const step of steps.filter((one) => codeOf(one) === "NotFound")) {
      if (operation._tag === "Delete") assert.strictEqual(step.after._tag, "FinishedSuccessfully")
      if (operation._tag === "Read") assert.strictEqual(step.after._tag, "FinishedWithError")
    }
  })

  properties("keeps a native id that it has", ({ steps }) => {
    const nativeIdOf = (state: OperatorState) => {
      const progress = progressOf(state)
      return "nativeId" in progress ? progress.nativeId : undefined
    }
    for (const { after, before } of steps) {
      if (nativeIdOf(before) !== undefined) assert.strictEqual(nativeIdOf(after), nativeIdOf(before))
    }
  })

  properties("reports only progress that is in the protocol", ({ end, steps }) => {
    const isProgress = Schema.is(Progress)
    for (const state of [...steps.map(({ before }) => before), end]) assert.isTrue(isProgress(progressOf(state)))
  })
})
