/** What a plugin answers when it is asked what became of a create, and what it does with one that is sent twice. */
import * as Effect from "effect/Effect"
import type { Succeeded } from "../../../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../../../protocol/Resource.ts"
import { expectSuccess } from "../../peer/expectEnd.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { expectThat, type Finding, mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import { countTwins, knownNow } from "./countTwins.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const recoverDescriptions = {
  "type.notStarted": {
    section: sections.calls,
    title: "answers NotStarted about a create that was never sent",
    remedy: "Answer Recover with NotStarted only if this operation has made nothing; ask the provider to find out.",
  },
  "type.recovered": {
    section: sections.calls,
    title: "reports a create that was done as done",
    remedy:
      "Answer Recover with Done, or with InProgress that ends in Succeeded, if this operation has made the resource.",
  },
  "type.otherOperation": {
    section: sections.calls,
    title: "answers NotStarted to another operation that wants the same resource",
    remedy: "Use the operation id (a tag, a token) to tell which operation has made a resource, not its name alone.",
  },
  "type.repeatedCreate": {
    section: sections.duties,
    title: "makes one resource when a create is sent twice",
    remedy:
      "Let the operation id, or the name, decide: the second answer is about the resource that the first one made.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** Before the create is sent. */
export const notStartedCheck = (test: ResourceTest): Effect.Effect<unknown> =>
  test.record.type(test.subject.type, "type.notStarted", recoverBeforeCreate(test))

export const recoverChecks = Effect.fnUntraced(function* (
  test: ResourceTest,
  created: Succeeded,
): Effect.fn.Return<void> {
  const { record, subject } = test
  yield* record.type(subject.type, "type.recovered", recoverAfterCreate(test, created))
  yield* record.type(subject.type, "type.otherOperation", recoverOtherOperation(test))
  yield* record.type(subject.type, "type.repeatedCreate", repeatedCreate(test, created))
})

const requireRecoverable = ({ recoverable }: TypeCapabilities): Effect.Effect<void, Finding> =>
  expectThat(recoverable, skip("the type does not declare that it is recoverable"))

const recoverBeforeCreate = Effect.fnUntraced(function* ({ calls, operationId, specimen, subject }: ResourceTest) {
  yield* requireRecoverable(subject.capabilities)
  const known = yield* knownNow(calls, subject.capabilities)
  const recovery = yield* calls.recover(operationId, specimen.properties)
  if (recovery.status !== "NotStarted") return yield* mismatch("NotStarted", show(recovery))
  if (!subject.capabilities.listable) return
  const twins = yield* countTwins(calls, { known, own: new Set() }, [specimen.properties])
  if (twins > 0) return yield* mismatch("no resource, because Recover changes nothing", `${twins} that it has made`)
})

const recoverAfterCreate = Effect.fnUntraced(function* (
  { calls, operationId, specimen, subject }: ResourceTest,
  { nativeId }: Succeeded,
) {
  yield* requireRecoverable(subject.capabilities)
  const recovery = yield* calls.recover(operationId, specimen.properties)
  switch (recovery.status) {
    case "NotStarted":
      return yield* mismatch("Done, or InProgress", show(recovery))
    case "Unknown":
      return yield* skip(`it answers Unknown: ${recovery.message}`)
    case "Done":
      return yield* expectNativeId(nativeId, recovery.nativeId)
    case "InProgress": {
      // A plugin may look once more at what was done before it reports it as done.
      const end = yield* expectSuccess(
        "Status of what Recover answered",
        calls.status(operationId, recovery.requestId, recovery.nativeId),
      )
      return yield* expectNativeId(nativeId, end.nativeId)
    }
  }
})

const expectNativeId = (expected: string, seen: string): Effect.Effect<void, Finding> =>
  expectThat(expected === seen, mismatch(`the native id ${expected}`, seen))

const recoverOtherOperation = Effect.fnUntraced(function* ({
  calls,
  nextOperationId,
  specimen,
  subject,
}: ResourceTest) {
  yield* requireRecoverable(subject.capabilities)
  const recovery = yield* calls.recover(nextOperationId(), specimen.properties)
  if (recovery.status !== "NotStarted" && recovery.status !== "Unknown") {
    return yield* mismatch("NotStarted", show(recovery))
  }
})

const repeatedCreate = Effect.fnUntraced(function* (
  { calls, operationId, specimen, subject }: ResourceTest,
  { nativeId }: Succeeded,
) {
  if (subject.capabilities.idempotency === "none") {
    return yield* skip("nothing makes a repeated create of it harmless")
  }
  const again = yield* expectSuccess("the second Create", calls.create(operationId, specimen.properties))
  if (again.nativeId !== nativeId) return yield* mismatch(`the native id ${nativeId} again`, again.nativeId)
})
