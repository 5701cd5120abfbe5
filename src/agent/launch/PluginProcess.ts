/** The process of a launch: how it is started, what it prints, and the connection to it. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as PlatformError from "effect/PlatformError"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import type { Generation, LaunchId, OperationId } from "../../protocol/Identity.ts"
import { logLineCapBytes } from "../../protocol/LogRecord.ts"
import { fromHandle } from "../../transport/ChildStdio.ts"
import { type ClientConnection, makeClientConnection } from "../../transport/ClientProtocol.ts"
import { type FramedLine, makeLineFramer } from "../../transport/LineFramer.ts"
import type { GuardProcess } from "./GuardProcess.ts"
import type { LaunchProcesses } from "./LaunchProcesses.ts"
import { makeInspectorNotices } from "./InspectorNotices.ts"
import type { StopSettings } from "./LaunchSettings.ts"
import { makePluginLog } from "./PluginLog.ts"
import { followToEnd, type ProcessEnd, stopSignals } from "./ProcessEnd.ts"
import { makeRecentOutput } from "./RecentOutput.ts"
import { makeTelemetryReader } from "./TelemetryReader.ts"
import { makeRemnants } from "./Remnants.ts"
import { spawnGuarded } from "./spawnGuarded.ts"

export interface PluginProcessOptions {
  readonly plugin: string
  readonly generation: Generation
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** The id in that environment. */
  readonly launch: LaunchId
  readonly stop: StopSettings
  /** The operations in flight, to be reported with the end of the launch. */
  readonly inFlight: () => ReadonlyArray<OperationId>
  /** Those of them that have no answer yet. */
  readonly unanswered: () => ReadonlyArray<OperationId>
  readonly logLinesPerSecond: number
  /** Run with a line on stdout that is not a frame, after it was logged. */
  readonly onJunk: (line: string) => Effect.Effect<void>
}

export interface PluginProcess extends ProcessEnd {
  readonly pid: number
  readonly connection: ClientConnection
  /** The last lines that it printed. */
  readonly output: () => ReadonlyArray<string>
  /** Completes with the address of its inspector, once it has printed that. */
  readonly inspector: Effect.Effect<string>
  readonly isDebugged: () => boolean
}

/**
 * Starts a process in a group of its own, which lives as long as the scope.
 * Closing the scope ends its stdin, then signals the group, and completes when
 * the whole group is gone, and everything that it has started outside of the
 * group: at the latest after the sum of the two stop bounds and two seconds.
 */
export const startProcess = Effect.fnUntraced(function* (
  options: PluginProcessOptions,
): Effect.fn.Return<
  PluginProcess,
  PlatformError.PlatformError,
  ChildProcessSpawner | GuardProcess | LaunchProcesses | Scope.Scope
> {
  const { generation, inFlight, onJunk, plugin, stop, unanswered } = options
  const remnants = yield* makeRemnants(options.launch, stop.terminateMillis)
  const handle = yield* spawnGuarded({ ...options, signals: stopSignals(stop) }, remnants)
  const recent = makeRecentOutput()
  const log = yield* makePluginLog({
    plugin,
    generation,
    pid: handle.pid,
    linesPerSecond: options.logLinesPerSecond,
    recent,
  })
  const inspector = makeInspectorNotices()
  const telemetry = yield* makeTelemetryReader({
    plugin,
    generation,
    pid: handle.pid,
    linesPerSecond: options.logLinesPerSecond,
  })
  const stderrRead = yield* readLines(handle.stderr, (line) =>
    inspector.read(line)
      ? Effect.void
      : Effect.flatMap(telemetry(line), (isTelemetry) => (isTelemetry ? Effect.void : log.stderr(line))),
  ).pipe(Effect.ignore, Effect.forkScoped)
  const connection = yield* makeClientConnection({
    // What a flood does not get into the log does not reach the events either.
    onJunk: (line) => Effect.flatMap(log.stdoutJunk(line), (admitted) => (admitted ? onJunk(line) : Effect.void)),
  }).pipe(Effect.provideService(Stdio.Stdio, fromHandle(handle)))
  const end = yield* followToEnd({
    handle,
    remnants,
    connection,
    stop,
    inFlight,
    unanswered,
    output: recent.lines,
    stderrRead: Fiber.await(stderrRead),
  })
  return {
    ...end,
    pid: handle.pid,
    connection,
    output: recent.lines,
    inspector: inspector.address,
    isDebugged: inspector.isDebugged,
  }
})

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
    // The last line of a process that crashes often has no newline.
    Effect.andThen(Effect.suspend(() => onLines(framer.end()))),
  )
}
