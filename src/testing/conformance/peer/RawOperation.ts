/** One operation by raw frames: its answer, and what Watch reports after it. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describeIssue } from "../../../protocol/Issue.ts"
import { type InProgress, isFinished, Progress } from "../../../protocol/Progress.ts"
import { type Finding, mismatch } from "../report/Finding.ts"
import { show } from "../report/show.ts"
import { type Answer, describeAnswer } from "./Answer.ts"
import { ackOf, type RawPeer } from "./RawPeer.ts"

/** What was reported of an operation, from its answer to its end. */
export interface RawProgress {
  readonly progress: ReadonlyArray<Progress>
  /** How many values each Chunk of its Watch had. */
  readonly chunks: ReadonlyArray<number>
  /** How its Watch ended; undefined if there was none. */
  readonly watched: Answer | undefined
  /** Whether a Chunk came before the Ack of the one before it. */
  readonly tooEarly: boolean
}

const decode = Schema.decodeUnknownResult(Progress, { errors: "all" })

/** The value of an answer as progress. */
export const readProgress = (value: unknown): Effect.Effect<Progress, Finding> => {
  const decoded = decode(value)
  return decoded._tag === "Success"
    ? Effect.succeed(decoded.success)
    : Effect.fail(mismatch("progress", `${show(value)}: ${describeIssue(decoded.failure.issue)}`))
}

/** The progress that a call was answered with. */
export const progressOf = (tag: string, answer: Answer): Effect.Effect<Progress, Finding> =>
  answer._tag === "Value"
    ? readProgress(answer.value)
    : Effect.fail(mismatch(`progress of ${tag}`, describeAnswer(answer)))

export interface WatchOptions {
  readonly peer: RawPeer
  readonly operationId: string
  /** The answer of the operation. */
  readonly first: Progress
  /** How long all of it may take, in milliseconds. */
  readonly withinMillis: number
  /** Completes when the plugin has had the time to send a Chunk too many. The first Ack is written after it. */
  readonly hold?: Effect.Effect<unknown, Finding> | undefined
}

/** Watches an operation to its end. One that has ended is not watched. */
export const watchToEnd = Effect.fnUntraced(function* ({
  first,
  hold,
  operationId,
  peer,
  withinMillis,
}: WatchOptions): Effect.fn.Return<RawProgress, Finding> {
  if (isFinished(first)) return { progress: [first], chunks: [], watched: undefined, tooEarly: false }
  const values: Array<unknown> = []
  const chunks: Array<number> = []
  let isHeld = hold !== undefined
  let tooEarly = false
  const watch = peer.call(
    "Watch",
    { operationId },
    {
      withinMillis,
      onChunk: (id, more) =>
        Effect.suspend(() => {
          values.push(...more)
          chunks.push(more.length)
          if (!isHeld) return peer.write(ackOf(id))
          if (chunks.length > 1) {
            tooEarly = true
            return Effect.void
          }
          const release = Effect.suspend(() => {
            isHeld = false
            return peer.write(chunks.map(() => ackOf(id)).join(""))
          })
          // Not here, because the answer that it waits for is read after this.
          return Effect.asVoid(Effect.forkDetach(Effect.ensuring(Effect.ignore(hold ?? Effect.void), release)))
        }),
    },
  )
  yield* peer.write(watch.frame)
  const watched = yield* watch.answer
  const more = yield* Effect.forEach(values, readProgress)
  return { progress: [first, ...more], chunks, watched, tooEarly }
})

/** Calls, and watches to the end. */
export const operateRaw = Effect.fnUntraced(function* (
  peer: RawPeer,
  tag: string,
  payload: { readonly operationId: string },
  withinMillis: number,
): Effect.fn.Return<RawProgress, Finding> {
  const first = yield* Effect.flatMap(peer.ask(tag, payload, { withinMillis }), (answer) => progressOf(tag, answer))
  return yield* watchToEnd({ peer, operationId: payload.operationId, first, withinMillis })
})

/** Whether anything was reported that is not about accepted work alone. */
export const failuresIn = (progress: ReadonlyArray<Progress>): ReadonlyArray<InProgress> =>
  progress.filter((one): one is InProgress => one.status === "InProgress" && one.failure !== undefined)
