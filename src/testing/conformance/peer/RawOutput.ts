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
  /** Completes with the answer to the request with this id. To be called before the request is written. */
  readonly answerTo: (id: number) => Effect.Effect<Answer>
  /** Completes with the next Pong. */
  readonly pong: Effect.Effect<void>
  /** The lines on stdout that were not frames, and the frames that answer no request. */
  readonly junk: ReadonlyArray<string>
  readonly stderr: ReadonlyArray<string>
  /** Completes when both pipes have been read to their end, or after a bound: a grandchild may hold them open. */
  readonly drained: Effect.Effect<void>
}

/** What a process wrote before it ended may still be on its way. */
const drainGrace = Duration.millis(500)

/** Reads stdout and stderr until the scope is closed. `onPrinted` gets each line that is not a frame. */
export const readOutput = Effect.fnUntraced(function* (
  { stderr: errors, stdout }: ChildProcessHandle,
  onPrinted: (line: string) => void,
): Effect.fn.Return<RawOutput, never, Scope.Scope> {
  const pongs = yield* Queue.unbounded<void>()
  const answers = new Map<number, Deferred.Deferred<Answer>>()
  const junk: Array<string> = []
  const stderr: Array<string> = []

  const onFrame = (frame: ServerFrame): Effect.Effect<void> => {
    if (frame._tag === "Pong") return Effect.asVoid(Queue.offer(pongs, undefined))
    if (frame._tag === "Unreadable") return Effect.sync(() => void junk.push(describeUnreadable(frame)))
    if (frame._tag !== "Exit") return Effect.void
    const waiting = answers.get(Number(frame.requestId))
    if (waiting !== undefined && !Deferred.isDoneUnsafe(waiting)) {
      return Effect.asVoid(Deferred.succeed(waiting, readAnswer(frame)))
    }
    return Effect.sync(() => void junk.push(describeStray("Exit", frame.requestId)))
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
    answerTo: (id) => {
      const answer = Deferred.makeUnsafe<Answer>()
      answers.set(id, answer)
      return Deferred.await(answer)
    },
    pong: Queue.take(pongs),
    junk,
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
