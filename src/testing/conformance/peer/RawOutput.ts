/** What a plugin's process writes: answers to calls, Pongs, and everything else as text. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { ChildProcessHandle } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { logLineCapBytes } from "../../../protocol/LogRecord.ts"
import {
  type CallId,
  describeJunk,
  describeStray,
  describeUnreadable,
  parseServerFrame,
  type ServerFrame,
} from "../../../transport/Envelope.ts"
import { readFrames } from "../../../transport/Frames.ts"
import { makeLineFramer } from "../../../transport/LineFramer.ts"
import { show } from "../report/show.ts"
import { type Answer, readAnswer } from "./Answer.ts"

export interface RawOutput {
  /** The answer to the request with this id. To be called before the request is written. `onChunk` gets what comes before it. */
  readonly answerTo: (id: CallId, onChunk: OnChunk) => PendingAnswer
  /** The ids of answers that came in another JSON kind than that of their requests. */
  readonly otherKinds: ReadonlyArray<CallId>
  /** Completes with the next Pong. */
  readonly pong: Effect.Effect<void>
  /** The lines on stdout that were not frames. */
  readonly junk: ReadonlyArray<string>
  /** The frames that answer no request that waits for an answer. */
  readonly strays: ReadonlyArray<string>
  readonly stderr: ReadonlyArray<string>
  /** Completes when both pipes have been read to their end, or after a bound: a grandchild may hold them open. */
  readonly drained: Effect.Effect<void>
}

export type OnChunk = (id: CallId, values: ReadonlyArray<unknown>) => Effect.Effect<void>

export interface PendingAnswer {
  readonly answer: Effect.Effect<Answer>
  readonly isAnswered: () => boolean
}

/** A request that was written. */
interface Asked {
  readonly id: CallId
  readonly answer: Deferred.Deferred<Answer>
  readonly onChunk: OnChunk
}

/** What a process wrote before it ended may still be on its way. */
const drainGrace = Duration.millis(500)

/** Reads stdout and stderr until the scope is closed. `onPrinted` gets each line that is not a frame. */
export const readOutput = Effect.fnUntraced(function* (
  { stderr: errors, stdout }: ChildProcessHandle,
  onPrinted: (line: string) => void,
): Effect.fn.Return<RawOutput, never, Scope.Scope> {
  const pongs = yield* Queue.unbounded<void>()
  /** By the text of the id: an answer whose id has another kind is reported by one check, and not missed by all. */
  const asked = new Map<string, Asked>()
  const otherKinds: Array<CallId> = []
  const junk: Array<string> = []
  const strays: Array<string> = []
  const stderr: Array<string> = []

  const onFrame = (frame: ServerFrame): Effect.Effect<void> => {
    if (frame._tag === "Pong") return Effect.asVoid(Queue.offer(pongs, undefined))
    if (frame._tag === "Unreadable") return Effect.sync(() => void junk.push(describeUnreadable(frame)))
    if (frame._tag !== "Exit" && frame._tag !== "Chunk") return Effect.void
    const waiting = asked.get(String(frame.requestId))
    if (waiting === undefined || Deferred.isDoneUnsafe(waiting.answer)) {
      return Effect.sync(() => void strays.push(describeStray(frame._tag, frame.requestId)))
    }
    if (waiting.id !== (frame.requestId as CallId)) otherKinds.push(frame.requestId)
    return frame._tag === "Exit"
      ? Effect.asVoid(Deferred.succeed(waiting.answer, readAnswer(frame)))
      : waiting.onChunk(waiting.id, frame.values)
  }
  const onJunk = (line: string) =>
    Effect.sync(() => {
      junk.push(describeJunk(line))
      onPrinted(line)
    })
  const stdoutRead = yield* readFrames(stdout, { parse: parseServerFrame, onFrame, onJunk }).pipe(
    Effect.ignore,
    Effect.forkScoped,
  )
  const framer = makeLineFramer(logLineCapBytes)
  const stderrRead = yield* Stream.runForEach(errors, (chunk) =>
    Effect.sync(() => {
      for (const line of framer.push(chunk)) {
        const text = line._tag === "Line" ? line.text : line.head
        stderr.push(text)
        onPrinted(text)
      }
    }),
  ).pipe(Effect.ignore, Effect.forkScoped)

  return {
    answerTo: (id, onChunk) => {
      const answer = Deferred.makeUnsafe<Answer>()
      asked.set(String(id), { id, answer, onChunk })
      return { answer: Deferred.await(answer), isAnswered: () => Deferred.isDoneUnsafe(answer) }
    },
    otherKinds,
    pong: Queue.take(pongs),
    junk,
    strays,
    stderr,
    drained: Effect.asVoid(
      Effect.timeoutOption(Effect.all([Fiber.await(stdoutRead), Fiber.await(stderrRead)]), drainGrace),
    ),
  }
})

/** The last telling line on stderr, as the end of a sentence; empty if there is none. */
export const lastWords = (stderr: ReadonlyArray<string>): string => {
  const last = stderr.findLast((line) => /\bError\b/.test(line)) ?? stderr.findLast((line) => /\w/.test(line))
  return last === undefined ? "" : `; it printed: ${show(last)}`
}
