/** A launch as a subprocess: spawn, handshake, ready, gone. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as PlatformError from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessHandle, ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as RpcClient from "effect/rpc/RpcClient"
import type * as Scope from "effect/Scope"
import * as SemVer from "effect/SemVer"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type HandshakeRequest, supportedProtocol } from "../../protocol/Handshake.ts"
import type { Cookie, Generation } from "../../protocol/Identity.ts"
import { PluginRpcs } from "../../protocol/PluginRpcs.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import { fromHandle } from "../../transport/ChildStdio.ts"
import { makeClientConnection } from "../../transport/ClientProtocol.ts"
import { type FramedLine, makeLineFramer } from "../../transport/LineFramer.ts"
import { agentVersion } from "../version.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import { PluginStartFailed } from "./PluginStartFailed.ts"
import { checkHandshake } from "./HandshakeCheck.ts"
import { describeEnd, describeExit, type Launch, type LaunchEnd } from "./Launch.ts"
import { launchEnvironment } from "./LaunchEnvironment.ts"
import type { NodeNames } from "./NodeNames.ts"
import { handshakeDeadline, operationsInFlight, outputGrace, stopGrace } from "./policies.ts"
import { makeRecentOutput } from "./RecentOutput.ts"
import { makeRemoteOperator } from "./RemoteOperator.ts"

/** How long a log line may be before the rest of it is skipped. */
const logLineCapBytes = 64 * 1024

export interface ProcessLaunchOptions {
  readonly entry: CatalogEntry
  readonly generation: Generation
  readonly cookie: Cookie
  readonly nodes: NodeNames["Service"]
  readonly settings: OperatorSettings
  /** The agent's own environment, of which the plugin sees what its manifest allows. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>
  /** The program and the arguments that run a plugin's entry. */
  readonly runtime: { readonly command: string; readonly args: ReadonlyArray<string> }
}

/**
 * Starts a plugin and greets it. The launch lives as long as the scope: closing
 * it ends the plugin's stdin, then signals its process group, and is done when
 * the process is gone.
 */
export const launchProcess = Effect.fnUntraced(function* (
  options: ProcessLaunchOptions,
): Effect.fn.Return<Launch, PluginStartFailed, ChildProcessSpawner | Scope.Scope> {
  const { cookie, entry, generation, nodes, runtime } = options
  const { name } = entry.manifest
  const output = makeRecentOutput()
  const spawnedAt = yield* Clock.currentTimeMillis

  const startFailed = (reason: string) =>
    new PluginStartFailed({ plugin: name, generation, entry: entry.entryPath, reason, output: output.lines() })

  const handle = yield* Effect.mapError(
    ChildProcess.make(runtime.command, [...runtime.args, entry.entryPath], {
      env: launchEnvironment(options.hostEnvironment, entry.manifest.environment, {
        agentNode: nodes.agent,
        pluginNode: nodes.plugin(name),
        cookie,
      }),
      extendEnv: false,
      killSignal: "SIGTERM",
      forceKillAfter: stopGrace.terminated,
    }),
    (error) => startFailed(error.message),
  )

  const log = (line: string) => {
    output.add(line)
    return Effect.logInfo(line).pipe(Effect.annotateLogs({ plugin: name, generation, pid: handle.pid }))
  }

  const stderrRead = yield* Effect.forkScoped(Effect.ignore(readLines(handle.stderr, log)))
  const connection = yield* makeClientConnection({ onJunk: log }).pipe(
    Effect.provideService(Stdio.Stdio, fromHandle(handle)),
  )

  let asked = false
  const ended = yield* Deferred.make<LaunchEnd>()
  yield* awaitExit(handle).pipe(
    // What it printed before it died may still be on its way.
    Effect.tap(() => Effect.timeoutOption(Effect.all([connection.closed, Fiber.await(stderrRead)]), outputGrace)),
    Effect.flatMap((exit) => Deferred.succeed(ended, { ...exit, asked, output: output.lines() })),
    Effect.forkScoped,
  )

  yield* Effect.addFinalizer(() => {
    asked = true
    return Effect.andThen(connection.end, Effect.timeoutOption(Deferred.await(ended), stopGrace.inputEnded))
  })

  const client = yield* RpcClient.make(PluginRpcs, { disableTracing: true }).pipe(
    Effect.provideService(RpcClient.Protocol, connection.protocol),
  )

  const request: HandshakeRequest = {
    protocol: supportedProtocol,
    agentVersion: SemVer.format(agentVersion),
    agentNode: nodes.agent,
    generation,
    cookie,
    settings: options.settings,
  }
  const remaining = Duration.subtract(handshakeDeadline, Duration.millis((yield* Clock.currentTimeMillis) - spawnedAt))
  const identity = yield* client.Handshake(request).pipe(
    Effect.catchDefect((defect) => Effect.fail(startFailed(`its handshake can not be read: ${String(defect)}`))),
    Effect.catchTags({
      HandshakeRefused: (refused) => Effect.fail(startFailed(refused.message)),
      RpcClientError: (lost) =>
        // A process that can not start ends just after its stdout did; its exit says more than the pipe.
        Effect.timeoutOption(Deferred.await(ended), outputGrace).pipe(
          Effect.flatMap((end) =>
            Effect.fail(startFailed(end._tag === "Some" ? `it ${describeExit(end.value)}` : lost.reason.message)),
          ),
        ),
    }),
    // Nobody has interrupted this launch, or it would not come here.
    Effect.catchCauseIf(Cause.hasInterruptsOnly, () => Effect.fail(startFailed("it gave up its handshake"))),
    Effect.timeoutOrElse({
      duration: remaining,
      orElse: () =>
        Effect.fail(startFailed(`it did not answer the handshake within ${Duration.format(handshakeDeadline)}`)),
    }),
  )
  const mismatch = checkHandshake(identity, { manifest: entry.manifest, cookie })
  if (mismatch !== undefined) return yield* startFailed(mismatch)

  const operator = yield* makeRemoteOperator({
    client,
    inFlight: operationsInFlight,
    describeLoss: Effect.map(Effect.timeoutOption(Deferred.await(ended), outputGrace), (end) =>
      end._tag === "Some" ? `the plugin ${name} ${describeEnd(end.value)}` : `the plugin ${name} closed its connection`,
    ),
  })
  return { generation, identity, operator, ended: Deferred.await(ended) }
})

/** The exit of a process. Effect reports death by a signal as an error whose message names it. */
const awaitExit = (handle: ChildProcessHandle): Effect.Effect<Pick<LaunchEnd, "code" | "signal">> =>
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
