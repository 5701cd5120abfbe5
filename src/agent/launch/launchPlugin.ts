/** A launch as a subprocess: its start, its handshake, and what watches it. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as SemVer from "effect/SemVer"
import * as RunningTime from "../../transport/RunningTime.ts"
import { supportedFeatures, telemetryFeature } from "../../protocol/Features.ts"
import { type HandshakeRequest, supportedProtocol } from "../../protocol/Handshake.ts"
import type { Cookie, Generation, LaunchId } from "../../protocol/Identity.ts"
import { PluginRpcs } from "../../protocol/PluginRpcs.ts"
import type { Properties } from "../../protocol/Resource.ts"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import { makeCallClient } from "../../transport/CallClient.ts"
import { callsActive, watchGauge } from "../metrics/Metrics.ts"
import { agentVersion } from "../version.ts"
import { askForSchemas } from "./askForSchemas.ts"
import { fenceLaunch } from "./fenceLaunch.ts"
import { GuardProcess } from "./GuardProcess.ts"
import { describeEnd, type Launch, type LaunchNotice } from "./Launch.ts"
import { launchEnvironment } from "./LaunchEnvironment.ts"
import type { LaunchProcesses } from "./LaunchProcesses.ts"
import type { LaunchSettings } from "./LaunchSettings.ts"
import { makeLaunchTypes } from "./LaunchTypes.ts"
import type { NodeNames } from "./NodeNames.ts"
import { rateLimited, withoutRateLimit } from "./rateLimited.ts"
import { orEndedInstead, performHandshake } from "./performHandshake.ts"
import { PluginSpans } from "./PluginSpans.ts"
import { PluginStartFailed } from "./PluginStartFailed.ts"
import { type PluginProcess, type PluginProcessOptions, startProcess } from "./PluginProcess.ts"
import { outputGrace } from "./ProcessEnd.ts"
import type { ProcessMemory } from "./ProcessMemory.ts"
import { makeRemoteOperator, type RemoteOperator } from "./RemoteOperator.ts"
import { makeSettingsCalls } from "./SettingsCalls.ts"
import type { StallAutopsy } from "./StallAutopsy.ts"
import type { StartFailure } from "./StartFailure.ts"
import { watchLaunch } from "./watchLaunch.ts"

/** How many characters of a junk line an event contains. The log contains more. */
const maxJunkCharacters = 500

/** How long a call waits to learn how its plugin ended before it fails without knowing. */
const lossGrace = Duration.seconds(10)

/** What one launch is made from. */
export interface LaunchRequest {
  /** The plugin to start. */
  readonly entry: CatalogEntry
  /** The number of the launch: 1 for the first one. */
  readonly generation: Generation
  /** The bounds and limits of the launch. */
  readonly settings: LaunchSettings
  /** How the plugin retries, polls and logs. Sent in the handshake. */
  readonly operatorSettings: OperatorSettings
  /** The settings of the plugin itself, by the schema that it declares. */
  readonly config: Properties | undefined
  /** Variables of its environment, in addition to those that its manifest asks for. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** Called with what is noticed while the launch lives: silence, a stall, a line that is not a frame. */
  readonly report: (notice: LaunchNotice) => Effect.Effect<void>
}

/** What all launches of an agent have in common. */
export interface LaunchHost {
  readonly nodes: NodeNames["Service"]
  /** The agent's own environment. A plugin sees the part of it that its manifest allows. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The system that the plugins run on, as Node names it. */
  readonly platform: string
  /** The program and the arguments that run a plugin's entry. */
  readonly runtime: (entry: CatalogEntry) => { readonly command: string; readonly args: ReadonlyArray<string> }
}

/** Random values, new for each launch. */
export interface LaunchIds {
  readonly cookie: Cookie
  readonly launch: LaunchId
}

/** Starts a plugin and completes its handshake. The launch lives as long as the scope. */
export const launchPlugin = Effect.fnUntraced(function* (
  request: LaunchRequest,
  host: LaunchHost,
  ids: LaunchIds,
): Effect.fn.Return<
  Launch,
  PluginStartFailed,
  ChildProcessSpawner | GuardProcess | LaunchProcesses | ProcessMemory | StallAutopsy | Scope.Scope
> {
  const { entry, generation, operatorSettings, report, settings } = request
  const { name } = entry.manifest
  const scope = yield* Effect.scope
  // Closes when the process is gone: until then it may use the rate that it was told last.
  const beyondProcess = yield* Scope.fork(scope)
  const spawnedAt = yield* Clock.currentTimeMillis
  let remote: RemoteOperator | undefined

  const startFailed = (cause: StartFailure, output: ReadonlyArray<string> = []) =>
    new PluginStartFailed({ plugin: name, generation, entry: entry.entryPath, cause, output })

  const child = yield* startProcess({
    ...processOptions(request, host, ids),
    inFlight: () => remote?.inFlight() ?? [],
    unanswered: () => remote?.unanswered() ?? [],
  }).pipe(Effect.mapError(({ message }) => startFailed({ _tag: "NotSpawned", message })))

  let namesTraces = false
  const client = yield* makeCallClient(PluginRpcs, child.connection, { namesTraces: () => namesTraces })
  // The guard is started beside the plugin. From its handshake on a plugin may act, and must not outlive this process.
  yield* GuardProcess.use(({ confirmed }) => Effect.raceFirst(confirmed, child.ended))
  const orEnded = <A, R>(start: Effect.Effect<A, StartFailure, R>) =>
    start.pipe(
      Effect.mapError((cause) => startFailed(cause, child.output())),
      // Before its first operation a plugin has begun nothing, so there is no reason to wait for it.
      Effect.tapError(() => child.kill),
    )
  const handshake = performHandshake({
    client,
    process: child,
    manifest: entry.manifest,
    request: greeting(request, host, ids),
    handshakeMillis: settings.handshakeMillis,
    passedMillis: (yield* Clock.currentTimeMillis) - spawnedAt,
  })
  const identity = yield* orEnded(handshake)

  namesTraces = (yield* PluginSpans) !== undefined && identity.features?.includes(telemetryFeature) === true

  const limit = Duration.millis(settings.handshakeMillis)
  const fence = yield* orEnded(fenceLaunch({ client, identity, limit, launch: ids.launch, pid: child.pid }))
  if (fence.isGuardsTime !== undefined) child.endedByGuard(fence.isGuardsTime)
  remote = yield* makeRemoteOperator({
    client,
    send: fence.send,
    plugin: name,
    inFlight: settings.limits.callsInFlight,
    limit: Duration.millis(settings.limits.operationMillis),
    describeLoss: describeLossOf(child, name),
  })
  const { inFlight } = remote
  yield* watchGauge(callsActive, { "formae.plugin": name }, () => inFlight().length)
  // What waits for its turn was not sent, and goes to the next launch.
  yield* Effect.addFinalizer(() => remote?.admission.retire ?? Effect.void)
  yield* Effect.forkScoped(Effect.andThen(child.connection.closed, remote.admission.retire))
  const settingsCalls = makeSettingsCalls(client, scope, limit)
  yield* Effect.forkScoped(watchLaunch(child, remote, settingsCalls, settings, report))
  const unlimited = { identity, operator: remote.operator, configure: settingsCalls.send }
  const limited = rateLimited(unlimited, operatorSettings).pipe(Scope.provide(beyondProcess))
  const { configure, operator } = yield* orEnded(orEndedInstead(child, limited))

  return {
    generation,
    pid: child.pid,
    identity,
    types: makeLaunchTypes(identity, askForSchemas(client, name, Duration.millis(settings.handshakeMillis))),
    operator: fence.fenced(operator),
    ended: child.ended,
    inFlight: remote.inFlight,
    admission: remote.admission,
    configure,
  }
})

const greeting = (
  { config, generation, operatorSettings }: LaunchRequest,
  { nodes }: LaunchHost,
  { cookie }: LaunchIds,
): HandshakeRequest => ({
  protocol: supportedProtocol,
  agentVersion: SemVer.format(agentVersion),
  agentNode: nodes.agent,
  generation,
  cookie,
  settings: withoutRateLimit(operatorSettings),
  features: supportedFeatures,
  ...(config === undefined ? {} : { config: Redacted.make(config) }),
})

const processOptions = (
  { entry, environment: own, generation, report, settings }: LaunchRequest,
  { environment, nodes, platform, runtime }: LaunchHost,
  ids: LaunchIds,
): Omit<PluginProcessOptions, "inFlight" | "unanswered"> => {
  const { environment: allowed, name } = entry.manifest
  const { args, command } = runtime(entry)
  return {
    plugin: name,
    generation,
    command,
    args: [...heapLimit(settings), ...args, entry.entryPath],
    environment: launchEnvironment(
      environment,
      allowed,
      { agentNode: nodes.agent, pluginNode: nodes.plugin(name), ...ids },
      platform,
      own,
    ),
    launch: ids.launch,
    stop: settings.stop,
    logLinesPerSecond: settings.limits.logLinesPerSecond,
    onJunk: (line) => report({ _tag: "Junk", characters: line.length, line: line.slice(0, maxJunkCharacters) }),
  }
}

/** How the launch ended. None if it continues, and only the call failed. */
const endOf = ({ connection, ended }: PluginProcess) =>
  Effect.flatMap(RunningTime.timeoutOption(Effect.raceFirst(connection.closed, ended), outputGrace), (over) =>
    Option.isSome(over) ? RunningTime.timeoutOption(ended, lossGrace) : Effect.succeedNone,
  )

const describeLossOf = (child: PluginProcess, plugin: string): Effect.Effect<string> =>
  Effect.map(endOf(child), (end) =>
    Option.isSome(end) ? `the plugin ${plugin} ${describeEnd(end.value)}` : `the plugin ${plugin} gave it up`,
  )

const heapLimit = ({ limits }: LaunchSettings): ReadonlyArray<string> =>
  limits.heapMiB === undefined ? [] : [`--max-old-space-size=${limits.heapMiB}`]
