/** A launch as a subprocess: started, greeted, watched. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as RpcClient from "effect/rpc/RpcClient"
import type * as Scope from "effect/Scope"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SemVer from "effect/SemVer"
import { type HandshakeRequest, type HandshakeResponse, supportedProtocol } from "../../protocol/Handshake.ts"
import type { Cookie, Generation } from "../../protocol/Identity.ts"
import { formatPath, locateIssues } from "../../protocol/Issue.ts"
import { PluginRpcs } from "../../protocol/PluginRpcs.ts"
import type { Properties } from "../../protocol/Resource.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import { agentVersion } from "../version.ts"
import type { GuardProcess } from "./GuardProcess.ts"
import { checkHandshake } from "./HandshakeCheck.ts"
import { watchHealth } from "./HealthMonitor.ts"
import { describeEnd, type Launch, type LaunchNotice } from "./Launch.ts"
import { launchEnvironment } from "./LaunchEnvironment.ts"
import { describeOutcome } from "./LaunchOutcome.ts"
import type { LaunchSettings } from "./LaunchSettings.ts"
import type { NodeNames } from "./NodeNames.ts"
import { type PluginProcess, startProcess } from "./PluginProcess.ts"
import { PluginStartFailed } from "./PluginStartFailed.ts"
import { lossGrace, outputGrace } from "./policies.ts"
import { ProcessMemory } from "./ProcessMemory.ts"
import { makeRemoteOperator, type PluginClient, type RemoteOperator } from "./RemoteOperator.ts"
import { StallAutopsy } from "./StallAutopsy.ts"

/** How much of a line of junk an event tells. The log has more of it. */
const junkCharacters = 500

/** What a launch is made of. */
export interface LaunchRequest {
  readonly entry: CatalogEntry
  readonly generation: Generation
  readonly settings: LaunchSettings
  readonly operatorSettings: OperatorSettings
  /** The settings that the plugin takes itself. */
  readonly config: Properties | undefined
  readonly report: (notice: LaunchNotice) => Effect.Effect<void>
}

/** What all launches of an agent have in common. */
export interface LaunchHost {
  readonly nodes: NodeNames["Service"]
  /** The agent's own environment, of which a plugin sees what its manifest allows. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The program and the arguments that run a plugin's entry. */
  readonly runtime: (entry: CatalogEntry) => { readonly command: string; readonly args: ReadonlyArray<string> }
}

/** Starts a plugin and greets it. The launch lives as long as the scope. */
export const launchPlugin = Effect.fnUntraced(function* (
  { config, entry, generation, operatorSettings, report, settings }: LaunchRequest,
  host: LaunchHost,
  cookie: Cookie,
): Effect.fn.Return<
  Launch,
  PluginStartFailed,
  ChildProcessSpawner | GuardProcess | ProcessMemory | StallAutopsy | Scope.Scope
> {
  const { name } = entry.manifest
  const spawnedAt = yield* Clock.currentTimeMillis
  const { args, command } = host.runtime(entry)
  let remote: RemoteOperator | undefined
  let started: PluginProcess | undefined

  const startFailed = (reason: string) =>
    new PluginStartFailed({ plugin: name, generation, entry: entry.entryPath, reason, output: started?.output() ?? [] })

  const process = yield* startProcess({
    plugin: name,
    generation,
    command,
    args: [...heapLimit(settings), ...args, entry.entryPath],
    environment: launchEnvironment(host.environment, entry.manifest.environment, {
      agentNode: host.nodes.agent,
      pluginNode: host.nodes.plugin(name),
      cookie,
    }),
    stop: settings.stop,
    inFlight: () => remote?.inFlight() ?? [],
    logLinesPerSecond: settings.limits.logLinesPerSecond,
    onJunk: (line) => report({ _tag: "Junk", line: line.slice(0, junkCharacters) }),
  }).pipe(Effect.mapError((error) => startFailed(error.message)))
  started = process

  const client = yield* RpcClient.make(PluginRpcs, { disableTracing: true }).pipe(
    Effect.provideService(RpcClient.Protocol, process.connection.protocol),
  )
  const waited = (yield* Clock.currentTimeMillis) - spawnedAt
  const identity = yield* greet(client, process, {
    protocol: supportedProtocol,
    agentVersion: SemVer.format(agentVersion),
    agentNode: host.nodes.agent,
    generation,
    cookie,
    settings: operatorSettings,
    ...(config === undefined ? {} : { config: Redacted.make(config) }),
  }).pipe(
    Effect.timeoutOrElse({
      duration: Duration.millis(Math.max(settings.handshakeMillis - waited, 0)),
      orElse: () => {
        const bound = Duration.format(Duration.millis(settings.handshakeMillis))
        return Effect.fail(`it did not answer the handshake within ${bound}`)
      },
    }),
    Effect.tap((answer) => {
      const mismatch = checkHandshake(answer, { manifest: entry.manifest, cookie })
      return mismatch === undefined ? Effect.void : Effect.fail(mismatch)
    }),
    Effect.mapError(startFailed),
    // What has not been greeted has begun nothing: there is no reason to wait for it.
    Effect.tapError(() => process.kill),
  )

  remote = yield* makeRemoteOperator({
    client,
    inFlight: settings.limits.callsInFlight,
    limit: Duration.millis(settings.limits.operationMillis),
    describeLoss: Effect.map(howItEnded(process), (end) =>
      Option.isSome(end) ? `the plugin ${name} ${describeEnd(end.value)}` : `the plugin ${name} gave it up`,
    ),
  })
  // What waits for its turn has not been sent, and goes to the next launch.
  yield* Effect.addFinalizer(() => remote?.retire ?? Effect.void)
  yield* Effect.forkScoped(Effect.andThen(process.connection.closed, remote.retire))
  yield* Effect.forkScoped(watch(process, remote, settings, report))

  return {
    generation,
    identity,
    operator: remote.operator,
    ended: process.ended,
    inFlight: remote.inFlight,
    drain: remote.drain,
    // One that ends meanwhile gets the settings with its next handshake.
    configure: (next) =>
      Effect.asVoid(
        Effect.timeoutOption(Effect.exit(client.Configure(next)), Duration.millis(settings.handshakeMillis)),
      ),
  }
})

/** How the launch ended. None where it goes on: the call failed alone. */
const howItEnded = ({ connection, ended }: PluginProcess) =>
  Effect.flatMap(Effect.timeoutOption(Effect.raceFirst(connection.closed, ended), outputGrace), (over) =>
    Option.isSome(over) ? Effect.timeoutOption(ended, lossGrace) : Effect.succeedNone,
  )

const heapLimit = ({ limits }: LaunchSettings): ReadonlyArray<string> =>
  limits.heapMiB === undefined ? [] : [`--max-old-space-size=${limits.heapMiB}`]

/** The handshake, or the reason why there is none. */
const greet = (
  client: PluginClient,
  process: PluginProcess,
  request: HandshakeRequest,
): Effect.Effect<HandshakeResponse, string> =>
  client.Handshake(request).pipe(
    Effect.catchDefect((defect) => Effect.fail(unreadable(defect))),
    Effect.catchTags({
      HandshakeRefused: (refused) => Effect.fail(refused.message),
      RpcClientError: (lost) =>
        // A process that can not start ends just after its stdout did; its exit says more than the pipe.
        Effect.flatMap(Effect.timeoutOption(process.ended, Duration.times(outputGrace, 4)), (end) =>
          Effect.fail(Option.isSome(end) ? `it ${describeOutcome(end.value.outcome)}` : lost.reason.message),
        ),
    }),
    // Nobody has interrupted this launch, or it would not come here.
    Effect.catchCauseIf(Cause.hasInterruptsOnly, () => Effect.fail("it gave up its handshake")),
  )

/** An answer that is not in the protocol: where it is not, and nothing of what it holds. */
const unreadable = (defect: unknown): string => {
  const issue = Predicate.hasProperty(defect, "issue") && SchemaIssue.isIssue(defect.issue) ? defect.issue : undefined
  if (issue === undefined) return `its handshake can not be read: ${String(defect)}`
  const places = locateIssues(issue).map(({ path }) => formatPath(path.filter((key) => key !== "value")))
  return `it does not speak this protocol: ${places.join(", ")} of its answer to the handshake is missing or of another shape; upgrade the plugin`
}

/** Looks after a launch while it serves: its silence, and its memory when it is idle. */
const watch = Effect.fnUntraced(function* (
  process: PluginProcess,
  remote: RemoteOperator,
  { health, limits }: LaunchSettings,
  report: LaunchRequest["report"],
) {
  const autopsy = yield* StallAutopsy
  const memory = yield* ProcessMemory
  const { residentMiB: cap } = limits

  const recycleIfFat = Effect.gen(function* () {
    const resident = yield* memory.residentMiB(process.pid)
    // One that needs more than its cap before it has done anything would be recycled for ever.
    if (cap === undefined || !remote.hasServed() || Option.isNone(resident) || resident.value <= cap) return
    if (yield* remote.retireIfIdle) yield* process.dismiss({ _tag: "Recycled", residentMiB: resident.value })
  })

  const silentMillis = yield* watchHealth({
    connection: process.connection,
    settings: health,
    hasCalls: () => remote.inFlight().length > 0,
    isDebugged: process.isDebugged,
    onSuspect: (silent) => report({ _tag: "Suspect", silentMillis: silent }),
    onIdle: cap === undefined ? Effect.void : recycleIfFat,
  })
  const frames = yield* autopsy.examine(process.pid, process.inspector)
  yield* report({ _tag: "Stalled", silentMillis, frames, operations: remote.inFlight() })
  yield* process.condemn({ _tag: "Stalled", silentMillis, frames })
})
