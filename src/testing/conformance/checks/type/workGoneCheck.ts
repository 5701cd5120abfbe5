import * as Effect from "effect/Effect"
import { describeFinished, expectSuccess } from "../../peer/expectEnd.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { mismatch, skip } from "../../report/Finding.ts"
import { expectSucceeded, type RawCreates, requireInProgress } from "./RawCreates.ts"
import type { ResourceTest } from "./ResourceTest.ts"
import { withSpare } from "./withSpare.ts"

export const workGoneDescriptions = {
  "type.workGone": {
    section: sections.calls,
    title: "answers NotFound about work whose resource is gone",
    remedy:
      "Where the provider does not know the work of a Status any more, look at the resource, and answer Failed with NotFound if it is missing.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** The codes that say nothing about the work, except for the one that is due. */
const saysNothing: ReadonlySet<string> = new Set([
  "Throttling",
  "ServiceInternalError",
  "ServiceTimeout",
  "NetworkFailure",
  "InternalFailure",
  "AccessDenied",
  "InvalidCredentials",
  "UnforeseenError",
  "PluginNotFound",
])

/** Asks for the status of a create whose resource was deleted meanwhile. */
export const workGoneCheck = (test: ResourceTest, raw: RawCreates): Effect.Effect<unknown> =>
  test.record.type(test.subject.type, "type.workGone", workGone(test, raw))

const workGone = (test: ResourceTest, raw: RawCreates) =>
  withSpare(test, (properties) =>
    Effect.gen(function* () {
      const begun = yield* raw.begin(properties)
      const { first } = begun
      yield* requireInProgress(first)
      if (first.status !== "InProgress" || first.requestId === undefined) {
        return yield* skip("its create did not succeed at the first try")
      }
      const { nativeId } = yield* Effect.flatMap(raw.finish(begun), expectSucceeded)
      yield* Effect.mapError(expectSuccess("Delete", test.calls.delete(nativeId)), () => skip("it cannot be deleted"))
      const end = yield* test.calls.status(begun.payload.operationId, first.requestId, first.nativeId)
      // The provider may still know that the work was done, or that it has failed.
      if (end.status === "Failed" && saysNothing.has(end.failure.code)) {
        return yield* mismatch("Failed with NotFound", describeFinished(end))
      }
    }),
  )
