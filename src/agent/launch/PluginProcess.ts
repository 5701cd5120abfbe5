/** The process of a launch: how it is started, what it prints, how it is stopped, and what its end means. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as PlatformError from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessHandle, ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type { Generation, OperationId } from "../../protocol/Identity.ts"
import { logLineCapBytes } from "../../protocol/LogRecord.ts"
import { fromHandle } from "../../transport/ChildStdio.ts"
import { type ClientConnection, makeClientConnection } from "../../transport/ClientProtocol.ts"
import { type FramedLine, makeLineFramer } from "../../transport/LineFramer.ts"
import { GuardProcess } from "./GuardProcess.ts"
import type { LaunchEnd } from "./Launch.ts"
import { classify, type LaunchFacts, type LaunchVerdict } from "./LaunchOutcome.ts"
import type { StopSettings } from "./LaunchSettings.ts"
import { makePluginLog } from "./PluginLog.ts"
import { outputGrace } from "./policies.ts"
import { makeRecentOutput } from "./RecentOutput.ts"
import { inspectorAddress, isDebuggerAttached, isInspectorNotice } from "./StallAutopsy.ts"

export interface PluginProcessOptions {
  readonly plugin: string
  readonly generation: Generation
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  readonly stop: StopSettings
  /** The operations in flight, for the end of the launch. */
  readonly inFlight: () => ReadonlyArray<OperationId>
  readonly logLinesPerSecond: number
  /** A line on stdout that is no frame. It is in the log by then. */
  readonly onJunk: (line: string) => Effect.Effect<void>
}

export interface PluginProcess {
  readonly pid: number
  readonly connection: ClientConnection
  /** The last lines that it printed. */
  readonly output: () => ReadonlyArray<string>
  readonly ended: Effect.Effect<LaunchEnd>
  /** Where its inspector listens, once it has said so. */
  readonly inspector: Effect.Effect<string>
  readonly isDebugged: () => boolean
  /** Ends it at once for a reason, which becomes the outcome of the launch. */
  readonly condemn: (verdict: LaunchVerdict) => Effect.Effect<void>
  /** Ends it in order for a reason: its stdin ends, and it leaves, within the bounds of a stop. */
  readonly dismiss: (verdict: LaunchVerdict) => Effect.Effect<void>
  /** Ends it at once. What it has not begun it can not lose. */
  readonly kill: Effect.Effect<void>
}

/**
 * Starts a process in a group of its own. It lives as long as the scope, whose
 * closing ends its stdin, then signals the group, and is done when all of it
 * has gone: after the sum of the two stop bounds and a second, at the latest.
 */
export const startProcess = Effect.fnUntraced(function* (
  options: PluginProcessOptions,
): Effect.fn.Return<PluginProcess, PlatformError.PlatformError, ChildProcessSpawner | GuardProcess | Scope.Scope> {
  const guard = yield* GuardProcess
  const recent = makeRecentOutput()
  let guarded: number | undefined
  // First in, last out: the guard lets go only when the group has gone.
  yield* Effect.addFinalizer(() => (guarded === undefined ? Effect.void : guard.release(guarded)))
  const stopped = { killSignal: "SIGTERM", forceKillAfter: Duration.millis(options.stop.terminateMillis) } as const
  const handle = yield* ChildProcess.make(options.command, [...options.args], {
    env: options.environment,
    extendEnv: false,
    ...stopped,
  })
  guarded = handle.pid
  yield* guard.guard(handle.pid)

  const log = yield* makePluginLog({
    plugin: options.plugin,
    generation: options.generation,
    pid: handle.pid,
    linesPerSecond: options.logLinesPerSecond,
    recent,
  })
  const inspector = yield* Deferred.make<string>()
  let debugged = false
  const onStderr = (line: string): Effect.Effect<void> => {
    const address = inspectorAddress(line)
    if (address !== undefined) Deferred.doneUnsafe(inspector, Effect.succeed(address))
    // Only of an inspector that has told its address: the words alone anybody can print.
    if (isDebuggerAttached(line) && Deferred.isDoneUnsafe(inspector)) debugged = true
    return isInspectorNotice(line) ? Effect.void : log.stderr(line)
  }
  const stderrRead = yield* Effect.forkScoped(Effect.ignore(readLines(handle.stderr, onStderr)))
  const connection = yield* makeClientConnection({
    // Where a flood is kept from the log, it is kept from whoever listens too.
    onJunk: (line) =>
      Effect.flatMap(log.stdoutJunk(line), (admitted) => (admitted ? options.onJunk(line) : Effect.void)),
  }).pipe(Effect.provideService(Stdio.Stdio, fromHandle(handle)))

  let asked = false
  let verdict: LaunchVerdict | undefined
  const killNow = Effect.ignore(handle.kill({ killSignal: "SIGKILL" }))
  const exited = yield* Deferred.make<void>()
  const ended = yield* Deferred.make<LaunchEnd>()
  yield* Effect.gen(function* () {
    const exit = yield* awaitExit(handle)
    const operations = options.inFlight()
    yield* Deferred.succeed(exited, undefined)
    // What it printed before it died may still be on its way.
    yield* Effect.timeoutOption(Effect.all([connection.closed, Fiber.await(stderrRead)]), outputGrace)
    const output = recent.lines()
    const facts: LaunchFacts = { ...exit, asked, output, ...(verdict === undefined ? {} : { verdict }) }
    yield* Deferred.succeed(ended, { outcome: classify(facts), operations, output })
    // A crash has no order to keep: what it has left behind in its group goes at once.
    if (!asked && verdict?._tag !== "Recycled") yield* killNow
  }).pipe(Effect.forkScoped)

  const condemn = (reason: LaunchVerdict) =>
    Effect.suspend(() => {
      verdict ??= reason
      return killNow
    })

  yield* connection.closed.pipe(
    Effect.flatMap((reason) =>
      // A process that dies closes its stdout first. One that lives on can not be talked to any more.
      Effect.timeoutOrElse(Deferred.await(exited), {
        duration: outputGrace,
        orElse: () => (asked || verdict !== undefined ? Effect.void : condemn({ _tag: "ProtocolFault", reason })),
      }),
    ),
    Effect.forkScoped,
  )

  yield* Effect.addFinalizer(() => {
    asked = true
    return Effect.andThen(
      connection.end,
      Effect.timeoutOption(Deferred.await(ended), Duration.millis(options.stop.inputEndedMillis)),
    )
  })

  return {
    pid: handle.pid,
    connection,
    output: recent.lines,
    ended: Deferred.await(ended),
    inspector: Deferred.await(inspector),
    isDebugged: () => debugged,
    condemn,
    dismiss: (reason) =>
      Effect.suspend(() => {
        verdict ??= reason
        return Effect.andThen(
          connection.end,
          Effect.timeoutOrElse(Deferred.await(exited), {
            duration: Duration.millis(options.stop.inputEndedMillis),
            orElse: () => Effect.ignore(handle.kill(stopped)),
          }),
        )
      }),
    kill: Effect.suspend(() => {
      asked = true
      return killNow
    }),
  }
})

/** The exit of a process. Effect reports death by a signal as an error whose message names it. */
const awaitExit = (handle: ChildProcessHandle): Effect.Effect<Pick<LaunchFacts, "code" | "signal">> =>
  handle.exitCode.pipe(
    Effect.map((code) => ({ code: Number(code), signal: null })),
    Effect.catch((error: PlatformError.PlatformError) =>
      Effect.succeed({ code: null, signal: /SIG[A-Z0-9]+/.exec(String(error.cause ?? error.message))?.[0] ?? null }),
    ),
  )

const readLines = <E>(bytes: Stream.Stream<Uint8Array, E>, onLine: (line: string) => Effect.Effect<void>) => {
  const framer = makeLineFramer(logLineCapBytes)
  const onLines = (lines: ReadonlyArray<FramedLine>) =>
    Effect.forEach(
      lines,
      (line) =>
        onLine(line._tag === "Line" ? line.text : `${line.head}… (a line of more than ${logLineCapBytes} bytes)`),
      { discard: true },
    )
  return Stream.runForEach(bytes, (chunk) => onLines(framer.push(chunk))).pipe(
    // The last words of a process that crashes often have no newline.
    Effect.andThen(Effect.suspend(() => onLines(framer.end()))),
  )
}
