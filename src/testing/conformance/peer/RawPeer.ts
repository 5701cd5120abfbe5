/**
 * The other end of a plugin's pipes, frame by frame: nothing that a plugin
 * writes is taken for granted, and what no agent would send can be sent.
 */
import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { GuardProcess } from "../../../agent/launch/GuardProcess.ts"
import type { LaunchProcesses } from "../../../agent/launch/LaunchProcesses.ts"
import { makeRemnants } from "../../../agent/launch/Remnants.ts"
import { spawnGuarded } from "../../../agent/launch/spawnGuarded.ts"
import type { LaunchId } from "../../../protocol/Identity.ts"
import { type Finding, mismatch } from "../report/Finding.ts"
import type { CallId } from "../../../transport/Envelope.ts"
import type { Answer } from "./Answer.ts"
import { awaitExit, describeExit, type RawExit } from "./RawExit.ts"
import { lastWords, readOutput } from "./RawOutput.ts"

export interface RawPeer {
  /** Writes a text as it is. */
  readonly write: (text: string) => Effect.Effect<void>
  /** A call that is not written yet. */
  readonly call: (tag: string, payload: unknown, options?: RawCallOptions) => RawCall
  /** Makes a call and waits for its answer. */
  readonly ask: (tag: string, payload: unknown, options?: RawCallOptions) => Effect.Effect<Answer, Finding>
  /** Completes with the next Pong. */
  readonly pong: Effect.Effect<void, Finding>
  readonly endInput: Effect.Effect<void>
  readonly terminate: Effect.Effect<void>
  /** Completes when the process has ended; fails if that takes longer. */
  readonly exit: (withinMillis: number) => Effect.Effect<RawExit, Finding>
  readonly isGone: () => boolean
  /** Whether an answer has not come in time. */
  readonly isStuck: () => boolean
  /** The ids of answers that came in another JSON kind than that of their calls. */
  readonly otherKinds: () => ReadonlyArray<CallId>
  /** The lines on its stdout that were not frames. */
  readonly junk: () => ReadonlyArray<string>
  /** The frames that answer no request that waits for an answer. */
  readonly strays: () => ReadonlyArray<string>
  readonly stderr: () => string
}

/** A call, and the answer to it. */
export interface RawCall {
  readonly id: CallId
  readonly frame: string
  readonly answer: Effect.Effect<Answer, Finding>
  readonly isAnswered: () => boolean
}

export interface RawCallOptions {
  /** More fields of the frame. */
  readonly more?: object
  /** In place of the next number. */
  readonly id?: CallId
  /** Gets the values of each Chunk, in place of an Ack that is written at once. */
  readonly onChunk?: (id: CallId, values: ReadonlyArray<unknown>) => Effect.Effect<void>
  /** How long the answer may take, in milliseconds. */
  readonly withinMillis?: number
}

export interface RawPeerOptions {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** The id of the launch in that environment. */
  readonly launch: LaunchId
  /** How long an answer may take, in milliseconds. */
  readonly answerMillis: number
  /** Gets each line that it prints that is not a frame. */
  readonly onPrinted: (line: string) => void
}

/** Starts a process. If it has not ended when the scope is closed, it is killed, and so is all that it has started. */
export const startRawPeer = Effect.fnUntraced(function* (
  options: RawPeerOptions,
): Effect.fn.Return<
  RawPeer,
  PlatformError.PlatformError,
  ChildProcessSpawner | GuardProcess | LaunchProcesses | Scope.Scope
> {
  const remnants = yield* makeRemnants(options.launch, 0)
  const handle = yield* spawnGuarded({ ...options, signals: { killSignal: "SIGKILL" } }, remnants)
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
  let stuck = false

  const write = (text: string) => Effect.asVoid(Queue.offer(input, encoder.encode(text)))

  /** What `wait` completes with, or why that cannot come any more. */
  const within = <A>(
    what: string,
    wait: Effect.Effect<A>,
    millis: number = options.answerMillis,
  ): Effect.Effect<A, Finding> =>
    Effect.raceFirst(
      wait,
      Effect.flatMap(Deferred.await(ended), (how) =>
        Effect.fail(mismatch(what, `the process ${describeExit(how)}${lastWords(output.stderr)}`)),
      ),
    ).pipe(
      Effect.timeoutOrElse({
        duration: Duration.millis(millis),
        orElse: () => {
          stuck = true
          return Effect.fail(mismatch(what, `nothing within ${millis} ms`))
        },
      }),
    )

  const call: RawPeer["call"] = (tag, payload, { id = nextId++, more = {}, onChunk, withinMillis } = {}) => {
    const pending = output.answerTo(id, onChunk ?? ((one) => write(ackOf(one))))
    return {
      id,
      frame: `${JSON.stringify({ _tag: "Request", id, tag, payload, headers: [], ...more })}\n`,
      answer: within(`an answer to ${tag}`, pending.answer, withinMillis),
      isAnswered: pending.isAnswered,
    }
  }

  return {
    write,
    call,
    ask: (tag, payload, callOptions) =>
      Effect.suspend(() => {
        const { answer, frame } = call(tag, payload, callOptions)
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
    isStuck: () => stuck,
    otherKinds: () => output.otherKinds,
    junk: () => output.junk,
    strays: () => output.strays,
    stderr: () => output.stderr.join("\n"),
  }
})

const encoder = new TextEncoder()

/** The frame that takes a Chunk. */
export const ackOf = (id: CallId): string => `${JSON.stringify({ _tag: "Ack", requestId: id })}\n`

/** The frame that interrupts a call. */
export const interruptOf = (id: CallId): string => `${JSON.stringify({ _tag: "Interrupt", requestId: id })}\n`
