/** A process in memory: what a spawner hands out, and the hands of whoever tests with it. */
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
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { makeStdioPair } from "../transport/StdioPair.ts"

/** How a process was started. */
export interface FakeSpawn {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** 1 for the first process of this command and these arguments, and so on. */
  readonly number: number
}

/** How a process ended, as Node tells it: one of the two is null. */
export type FakeEnd =
  | { readonly code: number; readonly signal: null }
  | { readonly code: null; readonly signal: Signal }

/** What a process was told by whoever started it. */
export type FakeNotice = "EOF" | Signal

export interface FakeProcess {
  readonly pid: number
  readonly spawn: FakeSpawn
  /** Ends the process at once, as `process.exit` does. */
  readonly exit: (code: number) => Effect.Effect<void>
  /** The same, while a child of it lives on and holds its pipes: they do not close. */
  readonly exitHoldingPipes: (code: number) => Effect.Effect<void>
  /** A signal from outside. SIGKILL can not be ignored. */
  readonly signal: (signal: Signal) => Effect.Effect<void>
  /** From now on the process lives on when it gets this signal. */
  readonly ignore: (signal: Signal) => Effect.Effect<void>
  /** Writes to stdout past any seal, as native code does. */
  readonly print: (output: string | Uint8Array) => Effect.Effect<void>
  readonly printError: (output: string | Uint8Array) => Effect.Effect<void>
  /** In the order in which they came: the end of stdin, and signals. */
  readonly notices: Effect.Effect<ReadonlyArray<FakeNotice>>
  readonly isRunning: Effect.Effect<boolean>
  readonly ended: Effect.Effect<FakeEnd>
}

/** What runs in a process: its end is the end of the process, with that exit code. */
export type FakeProgram = (process: FakeProcess) => Effect.Effect<number, never, Stdio.Stdio | Scope.Scope>

/** As Node: a program that died of an uncaught error. */
const uncaughtError = 1

const encoder = new TextEncoder()
const toBytes = (output: string | Uint8Array): Uint8Array =>
  typeof output === "string" ? encoder.encode(output) : output

/** Runs `program` in `scope` until it ends, or is ended. */
export const startFakeProcess = Effect.fnUntraced(function* (options: {
  readonly pid: number
  readonly spawn: FakeSpawn
  readonly program: FakeProgram
  readonly scope: Scope.Scope
}): Effect.fn.Return<{ readonly process: FakeProcess; readonly handle: ChildProcessHandle }> {
  const { pid, program, scope, spawn } = options
  const pair = yield* makeStdioPair
  const stderr = yield* Queue.unbounded<Uint8Array, Cause.Done>()
  const ended = yield* Deferred.make<FakeEnd>()
  const notices: Array<FakeNotice> = []
  const ignored = new Set<Signal>()
  let over: FakeEnd | undefined

  const isRunning = Effect.sync(() => over === undefined)

  /** The first end counts, and the pipes break before anybody hears of it: what is gone writes nothing. */
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
    print: (output) => Effect.orDie(Stream.run(Stream.succeed(toBytes(output)), pair.plugin.stdout())),
    printError: (output) => Effect.asVoid(Queue.offer(stderr, toBytes(output))),
    notices: Effect.sync(() => [...notices]),
    isRunning,
    ended: Deferred.await(ended),
  }

  const running = yield* program(process).pipe(
    Effect.scoped,
    Effect.provideService(Stdio.Stdio, pair.plugin),
    Effect.catchCause(() => Effect.succeed(uncaughtError)),
    Effect.flatMap((code) => end({ code, signal: null })),
    // At once, so that whoever has the handle deals with a program that has begun.
    Effect.forkIn(scope, { startImmediately: true }),
  )
  yield* Effect.forkIn(Effect.andThen(Deferred.await(ended), Fiber.interrupt(running)), scope)

  /** SIGTERM, or what else is asked for; SIGKILL once the time for it is up. */
  const kill = ({ forceKillAfter, killSignal = "SIGTERM" }: KillOptions = {}) => {
    const gone = Deferred.await(ended)
    const waited =
      forceKillAfter === undefined
        ? gone
        : Effect.timeoutOrElse(gone, {
            duration: Duration.fromInputUnsafe(forceKillAfter),
            orElse: () => Effect.andThen(signal("SIGKILL"), gone),
          })
    return Effect.asVoid(Effect.andThen(signal(killSignal), waited))
  }

  const handle = makeHandle({
    pid: ProcessId(pid),
    exitCode: Effect.flatMap(Deferred.await(ended), ({ code, signal: by }) =>
      code === null ? Effect.fail(endedBySignal(by)) : Effect.succeed(ExitCode(code)),
    ),
    isRunning,
    kill,
    stdin: Sink.ensuring(
      pair.agent.stdout({ endOnDone: true }),
      Effect.sync(() => void notices.push("EOF")),
    ),
    stdout: pair.agent.stdin,
    stderr: Stream.fromQueue(stderr),
    all: Stream.merge(pair.agent.stdin, Stream.fromQueue(stderr)),
    getInputFd: () => Sink.drain,
    getOutputFd: () => Stream.empty,
    unref: Effect.succeed(Effect.void),
  })
  return { process, handle }
})

/** The words of Effect's spawner on Node. */
const endedBySignal = (signal: Signal) =>
  systemError({
    _tag: "Unknown",
    module: "ChildProcess",
    method: "exitCode",
    cause: `Process interrupted due to receipt of signal: '${signal}'`,
  })
