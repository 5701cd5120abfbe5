/** What a launch does with the creates that were cut off when the one before it was killed. */
import * as Effect from "effect/Effect"
import type { NativeId } from "../../../../protocol/Identity.ts"
import { expectSuccess } from "../../peer/expectEnd.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { countTwins } from "./countTwins.ts"
import type { CutCreate, CutCreates } from "./CutCreate.ts"

export const killDescriptions = {
  "type.statusLater": {
    section: sections.calls,
    title: "continues in a later launch, with the request id alone",
    remedy: "Put all that Status needs into the request id.",
  },
  "type.killed": {
    section: sections.duties,
    title: "makes one resource when it is killed during a create and the create is sent again",
    remedy: "Give the provider the operation id with the create, so that a later launch finds what was made.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** `Status` by the request id, and one resource for each create. */
export const killChecks = Effect.fnUntraced(function* (
  record: Recorder,
  cut: CutCreates,
  calls: TypeCalls,
): Effect.fn.Return<void> {
  yield* record.type(cut.subject.type, "type.statusLater", statusLater(cut.begun, calls))
  yield* record.type(cut.subject.type, "type.killed", oneResourceEach(cut, calls))
})

const statusLater = Effect.fnUntraced(function* ({ operationId, reported }: CutCreate, calls: TypeCalls) {
  if (reported?.requestId === undefined) return yield* skip("its create ends with the answer")
  const { nativeId } = yield* expectSuccess(
    "Status in the next launch",
    calls.status(operationId, reported.requestId, reported.nativeId),
  )
  if (reported.nativeId !== undefined && nativeId !== reported.nativeId) {
    return yield* mismatch(`the native id ${reported.nativeId}`, nativeId)
  }
  yield* expectSuccess("Read", calls.read(nativeId))
})

const oneResourceEach = Effect.fnUntraced(function* (
  { anywhere, before, begun, subject }: CutCreates,
  calls: TypeCalls,
) {
  const { capabilities } = subject
  if (begun.reported === undefined) return yield* skip("its create did not begin")
  const first = yield* afterKill(capabilities.recoverable, capabilities.idempotency === "none", begun, calls)
  if (first === undefined) return yield* skip("the type is not recoverable, and a create of it is not sent twice")
  if (begun.reported.nativeId !== undefined && first !== begun.reported.nativeId) {
    return yield* mismatch(`the resource that there is, ${begun.reported.nativeId}`, first)
  }
  const second = anywhere && (yield* afterKill(capabilities.recoverable, false, anywhere, calls))
  if (capabilities.listable) {
    const own = new Set([first, ...(second === undefined ? [] : [second])])
    const cuts = anywhere === undefined ? [begun] : [begun, anywhere]
    const twins = yield* countTwins(
      calls,
      { known: before, own },
      cuts.map(({ properties }) => properties),
    )
    if (twins > 0) return yield* mismatch("one resource for each create", `${twins} more`)
  }
  return undefined
})

/** Asks what became of a create, sends it again if that is allowed, and returns which resource it is about. */
const afterKill = Effect.fnUntraced(function* (
  recoverable: boolean,
  onlyOnce: boolean,
  { operationId, properties, reported }: CutCreate,
  calls: TypeCalls,
): Effect.fn.Return<NativeId | undefined, Finding> {
  let found: NativeId | undefined
  if (recoverable) {
    const recovery = yield* calls.recover(operationId, properties)
    if (recovery.status === "NotStarted" && reported !== undefined) {
      return yield* mismatch("Done or InProgress for a create that the plugin has reported", show(recovery))
    }
    if (recovery.status === "Done") found = recovery.nativeId
    if (recovery.status === "InProgress") {
      found = (yield* expectSuccess(
        "Status of what Recover answered",
        calls.status(operationId, recovery.requestId, recovery.nativeId),
      )).nativeId
    }
  }
  if (onlyOnce) return found
  const again = yield* expectSuccess("the same Create, sent again", calls.create(operationId, properties))
  if (found !== undefined && again.nativeId !== found) {
    return yield* mismatch(`the resource that Recover answered, ${found}`, again.nativeId)
  }
  return again.nativeId
})
