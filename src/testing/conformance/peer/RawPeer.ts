/**
 * The other end of a plugin's pipes, frame by frame: nothing that a plugin
 * writes is taken for granted, and what no agent would send can be sent.
 */
import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type Finding, mismatch } from "../report/Finding.ts"
import type { Answer } from "./Answer.ts"
import { awaitExit, describeExit, type RawExit } from "./RawExit.ts"
import { lastWords, readOutput } from "./RawOutput.ts"

export interface RawPeer {
  /** Writes a text as it is. */
  readonly write: (text: string) => Effect.Effect<void>
  /** The frame of a call, which is not written yet, and the answer to it. */
  readonly call: (
    tag: string,
    payload: unknown,
    more?: object,
  ) => { readonly id: number; readonly frame: string; readonly answer: Effect.Effect<Answer, Finding> }
  /** Makes a call and waits for its answer. */
  readonly ask: (tag: string, payload: unknown, more?: object) => Effect.Effect<Answer, Finding>
  /** Completes with the next Pong. */
  readonly pong: Effect.Effect<void, Finding>
  readonly endInput: Effect.Effect<void>
  readonly terminate: Effect.Effect<void>
  /** Completes when the process has ended; fails if that takes longer. */
  readonly exit: (withinMillis: number) => Effect.Effect<RawExit, Finding>
  readonly isGone: () => boolean
  /** The lines on its stdout that were not frames, and the frames that answer no request. */
  readonly junk: () => ReadonlyArray<string>
  readonly stderr: () => string
}

export interface RawPeerOptions {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** How long an answer may take, in milliseconds. */
  readonly answerMillis: number
  /** Gets each line that it prints that is not a frame. */
  readonly onPrinted: (line: string) => void
}

/** Starts a process. If it has not ended when the scope is closed, it is killed. */
export const startRawPeer = Effect.fnUntraced(function* (
  options: RawPeerOptions,
): Effect.fn.Return<RawPeer, PlatformError.PlatformError, ChildProcessSpawner | Scope.Scope> {
  const handle = yield* ChildProcess.make(options.command, [...options.args], {
    env: options.environment,
    extendEnv: false,
    killSignal: "SIGKILL",
  })
  const output = yield* readOutput(handle, options.onPrinted)
  const input = yield* Queue.unbounded<Uint8Array, Cause.Done>()
  const ended = yield* Deferred.make<RawExit>()
  yield* Stream.run(Stream.fromQueue(input), handle.stdin).pipe(Effect.ignore, Effect.forkScoped)
  yield* awaitExit(handle).pipe(
    Effect.tap(() => output.drained),
    Effect.flatMap((how) => Deferred.succeed(ended, how)),
    Effect.forkScoped,
  )
  let nextId = 0

  const write = (text: string) => Effect.asVoid(Queue.offer(input, encoder.encode(text)))

  /** What `wait` completes with, or why that cannot come any more. */
  const within = <A>(what: string, wait: Effect.Effect<A>): Effect.Effect<A, Finding> =>
    Effect.raceFirst(
      wait,
      Effect.flatMap(Deferred.await(ended), (how) =>
        Effect.fail(mismatch(what, `the process ${describeExit(how)}${lastWords(output.stderr)}`)),
      ),
    ).pipe(
      Effect.timeoutOrElse({
        duration: Duration.millis(options.answerMillis),
        orElse: () => Effect.fail(mismatch(what, `nothing within ${options.answerMillis} ms`)),
      }),
    )

  const call: RawPeer["call"] = (tag, payload, more = {}) => {
    const id = nextId++
    return {
      id,
      frame: `${JSON.stringify({ _tag: "Request", id, tag, payload, headers: [], ...more })}\n`,
      answer: within(`an answer to ${tag}`, output.answerTo(id)),
    }
  }

  return {
    write,
    call,
    ask: (tag, payload, more) =>
      Effect.suspend(() => {
        const { answer, frame } = call(tag, payload, more)
        return Effect.andThen(write(frame), answer)
      }),
    pong: within("a Pong", output.pong),
    endInput: Effect.asVoid(Queue.end(input)),
    // `exit` waits for the end.
    terminate: Effect.asVoid(
      Effect.forkDetach(Effect.ignore(handle.kill({ killSignal: "SIGTERM" })), { startImmediately: true }),
    ),
    exit: (withinMillis) =>
      Effect.timeoutOrElse(Deferred.await(ended), {
        duration: Duration.millis(withinMillis),
        orElse: () => Effect.fail(mismatch(`the end of the process within ${withinMillis} ms`, "it is still there")),
      }),
    isGone: () => Deferred.isDoneUnsafe(ended),
    junk: () => output.junk,
    stderr: () => output.stderr.join("\n"),
  }
})

const encoder = new TextEncoder()
