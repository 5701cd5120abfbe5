/** What is reported of a create that goes on, frame by frame. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import { isFinished, type Progress } from "../../../../protocol/Progress.ts"
import { describeAnswer } from "../../peer/Answer.ts"
import { failuresIn, type RawProgress } from "../../peer/RawOperation.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import { type BegunCreate, type RawCreates, requireInProgress } from "./RawCreates.ts"
import type { ResourceTest } from "./ResourceTest.ts"
import { withSpare } from "./withSpare.ts"

export const watchDescriptions = {
  "type.watch": {
    section: sections.calls,
    title: "reports each progress once, waits for the Ack of a Chunk, and ends the Watch with the end of the operation",
    remedy:
      "Send in Watch only what has not been reported yet, one Chunk after the Ack of the one before it, the end as the last value, and then a Success with null.",
  },
  "type.attempts": {
    section: sections.calls,
    title: "counts each try of the operation, and no poll",
    remedy: "Report `attempts` 1 in the first answer, and one more only when the operation itself was sent again.",
  },
  "type.statusAttempts": {
    section: sections.calls,
    title: "counts no try in a Status",
    remedy: "Report `attempts` 0 in all progress of a Status: it only asks.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** Both look at the same create. */
export const watchChecks = Effect.fnUntraced(function* (test: ResourceTest, raw: RawCreates): Effect.fn.Return<void> {
  const { record, subject } = test
  const seen = yield* Effect.cached(
    withSpare(test, (properties) =>
      Effect.gen(function* () {
        const begun = yield* raw.begin(properties)
        const reported = yield* raw.finish(begun, raw.receipt(begun.peer))
        const asked = yield* Effect.result(status(test, begun))
        return { ...reported, asked }
      }),
    ),
  )
  yield* record.type(subject.type, "type.watch", Effect.flatMap(seen, watch))
  yield* record.type(subject.type, "type.attempts", Effect.flatMap(seen, attempts))
  yield* record.type(
    subject.type,
    "type.statusAttempts",
    Effect.gen(function* () {
      const { asked } = yield* seen
      const end = yield* Effect.fromResult(asked)
      if (end.attempts !== 0) return yield* mismatch("0 in `attempts`", `${end.attempts}`)
    }),
  )
})

/** Asks once more about work that is done. */
const status = Effect.fnUntraced(function* ({ calls }: ResourceTest, { first, payload }: BegunCreate) {
  yield* requireInProgress(first)
  return first.status === "InProgress" && first.requestId !== undefined
    ? yield* calls.status(payload.operationId, first.requestId, first.nativeId)
    : yield* skip("its create did not succeed at the first try")
})

const watch = Effect.fnUntraced(function* ({ chunks, progress, tooEarly, watched }: RawProgress) {
  const [first, ...more] = progress
  if (first !== undefined) yield* requireInProgress(first)
  if (tooEarly) return yield* mismatch("no Chunk before the Ack of the one before it", "one")
  if (watched === undefined || watched._tag !== "Value" || watched.value !== null) {
    return yield* mismatch("a Success with null", watched === undefined ? "nothing" : describeAnswer(watched))
  }
  if (chunks.some((values) => values > 1_024)) return yield* mismatch("1 to 1,024 values in a Chunk", show(chunks))
  const finished = more.filter(isFinished)
  if (finished.length !== 1 || more.at(-1) !== finished[0]) {
    return yield* mismatch("the end of the operation once, as the last value", show(more.map(({ status }) => status)))
  }
  const repeated = more.find((one, index) => Equal.equals(one, progress[index]))
  if (repeated !== undefined) return yield* mismatch("each progress once", `${show(repeated)} twice`)
})

const attempts = ({ progress }: RawProgress): Effect.Effect<void, Finding> => {
  const [first] = progress
  if (first !== undefined && first.attempts !== 1) {
    return Effect.fail(mismatch("1 in `attempts` of the first answer", `${first.attempts}`))
  }
  if (failuresIn(progress).length > 0) return Effect.fail(skip("its create did not succeed at the first try"))
  const wrong = progress.find((one: Progress) => one.attempts !== 1)
  return wrong === undefined
    ? Effect.void
    : Effect.fail(mismatch("1 in `attempts` of an operation that was sent once", show(wrong)))
}
