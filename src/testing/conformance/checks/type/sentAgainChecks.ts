/** A create that is sent again while the first one is not at its end. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { isFinished, type Progress } from "../../../../protocol/Progress.ts"
import { type Answer, describeAnswer } from "../../peer/Answer.ts"
import { progressOf } from "../../peer/RawOperation.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import { countTwins, type Known, knownNow } from "./countTwins.ts"
import { expectSucceeded, type RawCreates, requireInProgress } from "./RawCreates.ts"
import type { ResourceTest } from "./ResourceTest.ts"
import { ownIds, withSpare } from "./withSpare.ts"

export const sentAgainDescriptions = {
  "type.repeatedInProgress": {
    section: sections.calls,
    title: "makes one resource when a create in progress is sent again, and answers with the same progress",
    remedy:
      "Remember the operations that wait for their Watch by operation id, and answer the InProgress of the first one.",
  },
  "type.twiceInFlight": {
    section: sections.calls,
    title: "makes one resource when a create is sent twice at once",
    remedy:
      "Fail an operation that is sent again while it is being answered with ProtocolError, before it does anything.",
  },
} as const satisfies Descriptions<TypeCheckId>

export const sentAgainChecks = Effect.fnUntraced(function* (
  test: ResourceTest,
  raw: RawCreates,
): Effect.fn.Return<void> {
  const { record, subject } = test
  yield* record.type(subject.type, "type.repeatedInProgress", repeatedInProgress(test, raw))
  yield* record.type(subject.type, "type.twiceInFlight", twiceInFlight(test, raw))
})

const expectOne = Effect.fnUntraced(function* (
  { calls, subject: { capabilities, type }, traces }: ResourceTest,
  before: Known,
  wanted: Parameters<typeof countTwins>[2],
) {
  if (!capabilities.listable) return
  const twins = yield* countTwins(calls, { known: before, own: ownIds(type, traces) }, wanted)
  if (twins > 0) return yield* mismatch("one resource", `${twins} more`)
})

const repeatedInProgress = (test: ResourceTest, raw: RawCreates) =>
  withSpare(test, (properties) =>
    Effect.gen(function* () {
      const before = yield* knownNow(test.calls, test.subject.capabilities)
      const begun = yield* raw.begin(properties)
      yield* requireInProgress(begun.first)
      yield* raw.receipt(begun.peer)
      const answer = yield* begun.peer.ask("Create", begun.payload)
      const again = yield* progressOf("the same Create, sent again", answer)
      yield* raw.keep([again])
      if (isFinished(again) || keyOf(again) !== keyOf(begun.first)) {
        return yield* mismatch(`the InProgress of the first one, ${show(begun.first)}`, show(again))
      }
      const { nativeId } = yield* Effect.flatMap(raw.finish(begun), expectSucceeded)
      if (again.nativeId !== undefined && again.nativeId !== nativeId) {
        return yield* mismatch(`the native id ${nativeId}`, again.nativeId)
      }
      yield* expectOne(test, before, [properties])
    }),
  )

const keyOf = (progress: Progress): string =>
  progress.status === "InProgress" ? JSON.stringify([progress.requestId, progress.nativeId]) : progress.status

const twiceInFlight = (test: ResourceTest, raw: RawCreates) =>
  withSpare(test, (properties) =>
    Effect.gen(function* () {
      if (test.subject.capabilities.idempotency === "none") {
        return yield* skip("nothing makes a repeated create of it harmless")
      }
      const before = yield* knownNow(test.calls, test.subject.capabilities)
      const peer = yield* raw.peer
      const payload = raw.payload(properties)
      const calls = [peer.call("Create", payload), peer.call("Create", payload)]
      yield* peer.write(calls.map(({ frame }) => frame).join(""))
      const answers = yield* Effect.forEach(calls, ({ answer }) => answer, { concurrency: "unbounded" })
      const reported = yield* Effect.forEach(
        answers.filter((answer) => !isRefusal(answer)),
        (answer) => progressOf("Create", answer),
      )
      yield* raw.keep(reported)
      const [first] = reported
      if (first === undefined) return yield* mismatch("progress of one of them", answers.map(describeAnswer).join("; "))
      const pending = reported.find((one) => !isFinished(one)) ?? first
      const end = yield* Effect.flatMap(raw.finish({ peer, payload, first: pending }), expectSucceeded)
      const others = reported.flatMap(({ nativeId }) =>
        nativeId === undefined || nativeId === end.nativeId ? [] : [nativeId],
      )
      if (others.length > 0) return yield* mismatch(`the native id ${end.nativeId} in both answers`, show(others))
      yield* expectOne(test, before, [properties])
    }),
  )

const isRefusal = (answer: Answer): boolean =>
  answer._tag === "Error" && Predicate.isTagged(answer.error, "ProtocolError")
