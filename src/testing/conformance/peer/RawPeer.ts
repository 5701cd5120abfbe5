/**
 * The other end of a plugin's pipes, frame by frame: nothing of what a plugin
 * writes is taken for granted here, and what no agent would send can be sent.
 */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as PlatformError from "effect/PlatformError"
import * as Predicate from "effect/Predicate"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import type { FromServerEncoded } from "effect/rpc/RpcMessage"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { logLineCapBytes } from "../../../protocol/LogRecord.ts"
import { describeJunk, describeStray, parseServerFrame } from "../../../transport/Envelope.ts"
import { readFrames } from "../../../transport/Frames.ts"
import { makeLineFramer } from "../../../transport/LineFramer.ts"
import { type Finding, show, mismatch } from "../report/Finding.ts"

/** How a call was answered. */
export type Answer =
  | { readonly _tag: "Value"; readonly value: unknown }
  | { readonly _tag: "Error"; readonly error: unknown }
  | { readonly _tag: "Died"; readonly defect: string }
  | { readonly _tag: "Interrupted" }
  | { readonly _tag: "Unreadable"; readonly frame: string }

export interface RawExit {
  readonly code: number | null
  readonly signal: string | null
  readonly at: number
}

export interface RawPeer {
  /** Writes a text as it is. */
  readonly write: (text: string) => Effect.Effect<void>
  /** The text of a call's frame, and its answer once it has come. */
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
  /** Completes when the process has gone; fails where that takes longer. */
  readonly exited: (withinMillis: number) => Effect.Effect<RawExit, Finding>
  readonly isGone: () => boolean
  /** The lines on its stdout that were no frames, and answers to nothing that was asked. */
  readonly junk: () => ReadonlyArray<string>
  readonly stderr: () => string
}

export interface RawPeerOptions {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** How long an answer may take. */
  readonly answerMillis: number
  /** Gets all that it prints that is no frame. */
  readonly onPrinted: (line: string) => void
}

/** Starts a process. It is killed with the scope, if it has not gone by then. */
export const startRawPeer = Effect.fnUntraced(function* (
  options: RawPeerOptions,
): Effect.fn.Return<RawPeer, PlatformError.PlatformError, ChildProcessSpawner | Scope.Scope> {
  const handle = yield* ChildProcess.make(options.command, [...options.args], {
    env: options.environment,
    extendEnv: false,
    killSignal: "SIGKILL",
  })
  const input = yield* Queue.unbounded<Uint8Array, Cause.Done>()
  const pongs = yield* Queue.unbounded<void>()
  const exit = yield* Deferred.make<RawExit>()
  const answers = new Map<number, Deferred.Deferred<Answer>>()
  const junk: Array<string> = []
  const stderr: Array<string> = []
  let nextId = 0

  const onFrame = (frame: FromServerEncoded): Effect.Effect<void> => {
    if (frame._tag === "Pong") return Effect.asVoid(Queue.offer(pongs, undefined))
    if (frame._tag !== "Exit") return Effect.void
    const waiting = answers.get(Number(frame.requestId))
    if (waiting !== undefined && !Deferred.isDoneUnsafe(waiting)) {
      return Effect.asVoid(Deferred.succeed(waiting, answerIn(frame)))
    }
    return Effect.sync(() => void junk.push(describeStray(frame)))
  }
  const onJunk = (line: string) =>
    Effect.sync(() => {
      junk.push(describeJunk(line))
      options.onPrinted(line)
    })
  const stdoutRead = yield* readFrames(handle.stdout, { parse: parseServerFrame, onFrame, onJunk }).pipe(
    Effect.ignore,
    Effect.forkScoped,
  )
  const framer = makeLineFramer(logLineCapBytes)
  const stderrRead = yield* Stream.runForEach(handle.stderr, (chunk) =>
    Effect.sync(() => {
      for (const line of framer.push(chunk)) {
        const text = line._tag === "Line" ? line.text : line.head
        stderr.push(text)
        options.onPrinted(text)
      }
    }),
  ).pipe(Effect.ignore, Effect.forkScoped)
  yield* Stream.run(Stream.fromQueue(input), handle.stdin).pipe(Effect.ignore, Effect.forkScoped)
  yield* handle.exitCode.pipe(
    Effect.map((code) => ({ code: Number(code), signal: null })),
    Effect.catch((error) =>
      Effect.succeed({
        code: null,
        signal: /SIG[A-Z0-9]+/.exec(String(error.cause ?? error.message))?.[0] ?? "a signal",
      }),
    ),
    Effect.flatMap((how) => Effect.map(Clock.currentTimeMillis, (at) => ({ ...how, at }))),
    // What it wrote before it went may still be on its way; a grandchild may hold the pipes for longer.
    Effect.tap(() =>
      Effect.timeoutOption(Effect.all([Fiber.await(stdoutRead), Fiber.await(stderrRead)]), Duration.millis(500)),
    ),
    Effect.flatMap((how) => Deferred.succeed(exit, how)),
    Effect.forkScoped,
  )

  const write = (text: string) => Effect.asVoid(Queue.offer(input, encoder.encode(text)))

  /** What is waited for, or why it can not come any more. */
  const within = <A>(what: string, wait: Effect.Effect<A>): Effect.Effect<A, Finding> =>
    Effect.raceFirst(
      wait,
      Effect.flatMap(Deferred.await(exit), (how) =>
        Effect.fail(mismatch(what, `the process ${describeExit(how)}${lastWords(stderr)}`)),
      ),
    ).pipe(
      Effect.timeoutOrElse({
        duration: Duration.millis(options.answerMillis),
        orElse: () => Effect.fail(mismatch(what, `nothing within ${options.answerMillis} ms`)),
      }),
    )

  const call: RawPeer["call"] = (tag, payload, more = {}) => {
    const id = nextId++
    const answer = Deferred.makeUnsafe<Answer>()
    answers.set(id, answer)
    return {
      id,
      frame: `${JSON.stringify({ _tag: "Request", id, tag, payload, headers: [], ...more })}\n`,
      answer: within(`an answer to ${tag}`, Deferred.await(answer)),
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
    pong: within("a Pong", Queue.take(pongs)),
    endInput: Effect.asVoid(Queue.end(input)),
    // Its own end is waited for apart.
    terminate: Effect.asVoid(
      Effect.forkDetach(Effect.ignore(handle.kill({ killSignal: "SIGTERM" })), { startImmediately: true }),
    ),
    exited: (withinMillis) =>
      Effect.timeoutOrElse(Deferred.await(exit), {
        duration: Duration.millis(withinMillis),
        orElse: () => Effect.fail(mismatch(`the end of the process within ${withinMillis} ms`, "it is still there")),
      }),
    isGone: () => Deferred.isDoneUnsafe(exit),
    junk: () => junk,
    stderr: () => stderr.join("\n"),
  }
})

const encoder = new TextEncoder()

const answerIn = (frame: Extract<FromServerEncoded, { readonly _tag: "Exit" }>): Answer => {
  if (frame.exit._tag === "Success") return { _tag: "Value", value: frame.exit.value ?? null }
  const [first]: ReadonlyArray<unknown> = frame.exit.cause
  if (Predicate.isTagged(first, "Fail") && Predicate.hasProperty(first, "error")) {
    return { _tag: "Error", error: first.error }
  }
  if (Predicate.isTagged(first, "Die") && Predicate.hasProperty(first, "defect")) {
    return { _tag: "Died", defect: show(first.defect) }
  }
  return Predicate.isTagged(first, "Interrupt")
    ? { _tag: "Interrupted" }
    : { _tag: "Unreadable", frame: `an Exit whose cause is none of Fail, Die and Interrupt: ${show(first)}` }
}

export const describeExit = ({ code, signal }: Pick<RawExit, "code" | "signal">): string =>
  signal === null ? `exited with code ${code}` : `was ended by ${signal}`

const lastWords = (stderr: ReadonlyArray<string>): string => {
  const last = stderr.findLast((line) => /\bError\b/.test(line)) ?? stderr.findLast((line) => /\w/.test(line))
  return last === undefined ? "" : `; it printed: ${show(last)}`
}

/** An answer in words. */
export const describeAnswer = (answer: Answer): string => {
  switch (answer._tag) {
    case "Value":
      return `a Success with ${show(answer.value)}`
    case "Error":
      return `a failure: ${show(answer.error)}`
    case "Died":
      return `a defect: ${show(answer.defect)}`
    case "Interrupted":
      return "an interrupt"
    case "Unreadable":
      return answer.frame
  }
}
