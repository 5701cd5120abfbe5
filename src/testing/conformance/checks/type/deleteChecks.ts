import * as Effect from "effect/Effect"
import type { Succeeded } from "../../../../protocol/Progress.ts"
import { expectFailure, expectSuccess } from "../../peer/expectEnd.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { mismatch } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const deleteDescriptions = {
  "type.delete": {
    section: sections.calls,
    title: "deletes it",
    remedy: "Answer Delete with progress that ends in Succeeded.",
  },
  "type.notFound": {
    section: sections.calls,
    title: "answers NotFound when it is read after its delete",
    remedy: "Answer Read with Failed and the code NotFound if the resource is missing.",
  },
  "type.deleteAgain": {
    section: sections.calls,
    title: "succeeds when it is deleted again",
    remedy: "Answer Delete of a missing resource with Succeeded and empty properties.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** The delete of a resource, and what is answered about it afterwards. */
export const deleteChecks = Effect.fnUntraced(function* (
  { calls, record, subject: { type } }: ResourceTest,
  { nativeId }: Succeeded,
): Effect.fn.Return<void> {
  const end = yield* record.type(type, "type.delete", expectSuccess("Delete", calls.delete(nativeId)))
  if (end === undefined) return
  yield* record.type(type, "type.notFound", expectFailure("NotFound", calls.read(nativeId)))
  yield* record.type(
    type,
    "type.deleteAgain",
    Effect.gen(function* () {
      const { properties } = yield* expectSuccess("Delete", calls.delete(nativeId))
      if (Object.keys(properties).length > 0) return yield* mismatch("empty properties", show(Object.keys(properties)))
    }),
  )
})
