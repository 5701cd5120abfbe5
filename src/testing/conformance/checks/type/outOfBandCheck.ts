import * as Effect from "effect/Effect"
import { describeFinished, expectSuccess } from "../../peer/expectEnd.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { mismatch, skip } from "../../report/Finding.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const outOfBandDescriptions = {
  "type.outOfBand": {
    section: sections.duties,
    title: "notices that something else has deleted it",
    remedy: "Ask the provider at each Read; keep nothing between calls.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** Another launch deletes what this one has just read: a resource that is made for this check. */
export const outOfBandCheck = (test: ResourceTest): Effect.Effect<unknown> =>
  test.record.type(test.subject.type, "type.outOfBand", outOfBand(test))

const outOfBand = Effect.fnUntraced(function* ({ calls, later, nextOperationId, subject }: ResourceTest) {
  const { properties } = subject.specimen()
  const made = yield* calls.create(nextOperationId(), properties)
  if (made.status === "Failed" && made.failure.code === "AlreadyExists") {
    return yield* skip("a second one cannot be made; write {{unique}} where its sample names it")
  }
  const { nativeId } = yield* expectSuccess("Create", Effect.succeed(made))
  yield* expectSuccess("Read", calls.read(nativeId))
  yield* expectSuccess("Delete", later.delete(nativeId))
  const seen = yield* calls.read(nativeId)
  if (seen.status !== "Failed" || seen.failure.code !== "NotFound") {
    return yield* mismatch("Failed with NotFound, once another launch has deleted it", describeFinished(seen))
  }
})
