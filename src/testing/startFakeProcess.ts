import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { systemError } from "effect/PlatformError"
import type { KillOptions, Signal } from "effect/process/ChildProcess"
import { type ChildProcessHandle, ExitCode, makeHandle, ProcessId } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Sink from "effect/Sink"
import type * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { makeStdioPair } from "../transport/StdioPair.ts"
import { CurrentProcess } from "./CurrentProcess.ts"
import { onEventLoop } from "./EventLoop.ts"
import { type FakeEnd, type FakeNotice, type FakeProcess, type FakeSpawn, unlessStalled } from "./FakeProcess.ts"
import type { FakeProgram } from "./FakeProgram.ts"
import { makeCounter } from "./makeCounter.ts"

/** The exit code of Node after an uncaught error. */
const uncaughtError = 1

const encoder = new TextEncoder()
const toBytes = (output: string | Uint8Array): Uint8Array =>
  typeof output === "string" ? encoder.encode(output) : output

/** Starts a process in memory: runs `program` in `scope` until it ends, or something ends it. */
export const startFakeProcess = Effect.fnUntraced(function* (options: {
  readonly pid: number
  readonly spawn: FakeSpawn
  readonly program: FakeProgram
  /** Counts over all processes of the same command and arguments. */
  readonly countInAll: (name: string) => number
  readonly scope: Scope.Scope
}): Effect.fn.Return<{ readonly process: FakeProcess; readonly handle: ChildProcessHandle }> {
  const { countInAll, pid, program, scope, spawn } = options
  const pair = yield* makeStdioPair
  const countInProcess = makeCounter()
  const stderr = yield* Queue.unbounded<Uint8Array, Cause.Done>()
  const ended = yield* Deferred.make<FakeEnd>()
  const notices: Array<FakeNotice> = []
  const ignored = new Set<Signal>()
  let over: FakeEnd | undefined
  let stalled = false

  const isRunning = Effect.sync(() => over === undefined)

  /** Only the first end counts. The pipes break before it is known: a process that has ended writes nothing. */
  const end = (how: FakeEnd, breakPipes: Effect.Effect<unknown> = Effect.andThen(pair.sever, Queue.end(stderr))) =>
    Effect.suspend(() => {
      if (over !== undefined) return Effect.void
      over = how
      return Effect.asVoid(Effect.andThen(breakPipes, Deferred.succeed(ended, how)))
    })

  const signal = (name: Signal): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (over !== undefined) return Effect.void
      notices.push(name)
      return ignored.has(name) && name !== "SIGKILL" ? Effect.void : end({ code: null, signal: name })
    })

  const process: FakeProcess = {
    pid,
    spawn,
    exit: (code) => end({ code, signal: null }),
    exitHoldingPipes: (code) => end({ code, signal: null }, Effect.void),
    signal,
    ignore: (name) => Effect.sync(() => void ignored.add(name)),
    stall: Effect.sync(() => {
      stalled = true
      // Node acts on these in its event loop once a program listens for them, as each plugin does.
      ignored.add("SIGTERM").add("SIGINT")
    }),
    isStalled: Effect.sync(() => stalled),
    count: (name) => Effect.sync(() => ({ inProcess: countInProcess(name), inAll: countInAll(name) })),
    print: (output) => Effect.orDie(Stream.run(Stream.succeed(toBytes(output)), pair.plugin.stdout())),
    printError: (output) => Effect.asVoid(Queue.offer(stderr, toBytes(output))),
    notices: Effect.sync(() => [...notices]),
    isRunning,
    ended: Deferred.await(ended),
  }

  const running = yield* program(process).pipe(
    Effect.scoped,
    Effect.provideContext(yield* onEventLoop(unlessStalled(process), pair.plugin)),
    Effect.provideService(CurrentProcess, process),
    Effect.catchCause(() => Effect.succeed(uncaughtError)),
    Effect.flatMap((code) => end({ code, signal: null })),
    // At once, so that the program has begun when the handle is returned.
    Effect.forkIn(scope, { startImmediately: true }),
  )
  yield* Effect.forkIn(Effect.andThen(Deferred.await(ended), Fiber.interrupt(running)), scope)

  const handle = handleOf(process, pair.agent, stderr, () => void notices.push("EOF"))
  return { process, handle }
})

/** The handle of a process, as the spawner of Effect has it. `agent` is the other end of its pipes. */
const handleOf = (
  process: FakeProcess,
  agent: Stdio.Stdio,
  stderr: Queue.Dequeue<Uint8Array, Cause.Done>,
  onEndOfInput: () => void,
): ChildProcessHandle =>
  makeHandle({
    pid: ProcessId(process.pid),
    exitCode: Effect.flatMap(process.ended, ({ code, signal }) =>
      code === null ? Effect.fail(endedBySignal(signal)) : Effect.succeed(ExitCode(code)),
    ),
    isRunning: process.isRunning,
    kill: (options) => kill(process, options),
    stdin: Sink.ensuring(agent.stdout({ endOnDone: true }), Effect.sync(onEndOfInput)),
    stdout: agent.stdin,
    stderr: Stream.fromQueue(stderr),
    all: Stream.merge(agent.stdin, Stream.fromQueue(stderr)),
    getInputFd: () => Sink.drain,
    getOutputFd: () => Stream.empty,
    unref: Effect.succeed(Effect.void),
  })

/** Sends SIGTERM, or another signal that is asked for, and SIGKILL if the process has not ended in time. */
const kill = (
  { ended, signal }: FakeProcess,
  { forceKillAfter, killSignal = "SIGTERM" }: KillOptions = {},
): Effect.Effect<void> => {
  const gone =
    forceKillAfter === undefined
      ? ended
      : Effect.timeoutOrElse(ended, {
          duration: Duration.fromInputUnsafe(forceKillAfter),
          orElse: () => Effect.andThen(signal("SIGKILL"), ended),
        })
  return Effect.asVoid(Effect.andThen(signal(killSignal), gone))
}

/** In the words of Effect's spawner on Node. */
const endedBySignal = (signal: Signal) =>
  systemError({
    _tag: "Unknown",
    module: "ChildProcess",
    method: "exitCode",
    cause: `Process interrupted due to receipt of signal: '${signal}'`,
  })
