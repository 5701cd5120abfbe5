/** The plugin that is tested: how its processes are started, by the agent's launcher or raw, and what they printed. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Logger from "effect/Logger"
import type * as Scope from "effect/Scope"
import * as SemVer from "effect/SemVer"
import type { CatalogEntry } from "../../../agent/catalog/Catalog.ts"
import type { Launch } from "../../../agent/launch/Launch.ts"
import { launchEnvironment } from "../../../agent/launch/LaunchEnvironment.ts"
import { defaultLaunchSettings } from "../../../agent/launch/LaunchSettings.ts"
import { NodeNames } from "../../../agent/launch/NodeNames.ts"
import { Platform } from "../../../platform/Platform.ts"
import { HostEnvironment, PluginLauncher } from "../../../agent/launch/PluginLauncher.ts"
import { agentVersion } from "../../../agent/version.ts"
import { supportedProtocol } from "../../../protocol/Handshake.ts"
import { Cookie, Generation, type LaunchId } from "../../../protocol/Identity.ts"
import { environment as identityVariables } from "../../../protocol/LaunchVariables.ts"
import type { Properties } from "../../../protocol/Resource.ts"
import type { OperatorSettings } from "../../../protocol/Settings.ts"
import type { ConformanceLimits } from "./ConformanceLimits.ts"
import { type Finding, mismatch } from "../report/Finding.ts"
import { show } from "../report/show.ts"
import { makePeers, type Processes } from "./makePeers.ts"
import type { RawPeer } from "./RawPeer.ts"

/** Few retries, with short delays: what does not work should be reported within seconds. */
const operatorSettings = {
  retry: { maxRetries: 3, baseMillis: 200, capMillis: 2_000 },
  poll: { baseMillis: 50, factor: 1.5, capMillis: 2_000 },
  callTimeoutMillis: 60_000,
  logLevel: "Debug",
} satisfies OperatorSettings

export interface PluginUnderTest {
  readonly entry: CatalogEntry
  readonly limits: ConformanceLimits
  /** A launch by the agent's own launcher, after its handshake. */
  readonly launch: Effect.Effect<Launch, Finding, Scope.Scope>
  /** A process without a handshake. */
  readonly peer: Effect.Effect<RawPeer, Finding, Scope.Scope>
  /** A process that does not know that an agent has started it. */
  readonly peerWithoutCookie: Effect.Effect<RawPeer, Finding, Scope.Scope>
  /** What an agent says in the handshake, as JSON. */
  readonly handshake: (differs?: Properties) => Properties
  readonly cookie: string
  readonly pluginNode: string
  /** The lines that the processes have printed so far, without frames. */
  readonly printed: () => ReadonlyArray<string>
  /** Those that were on stdout. */
  readonly junk: () => ReadonlyArray<string>
  /** The frames that answer no request that waits for an answer. */
  readonly strays: () => ReadonlyArray<string>
  /** The lines of a file that the provider writes; none if it does not exist yet. */
  readonly readLines: (path: string) => Effect.Effect<ReadonlyArray<string>>
}

export interface PluginUnderTestOptions {
  readonly entry: CatalogEntry
  readonly limits: ConformanceLimits
  /** The plugin's own settings. */
  readonly config: Properties | undefined
  readonly cookie: string
  /** What the ids of its launches begin with: they are of no other run. */
  readonly launches: string
}

export const makePluginUnderTest = Effect.fnUntraced(function* ({
  config,
  cookie,
  entry,
  launches,
  limits,
}: PluginUnderTestOptions): Effect.fn.Return<
  PluginUnderTest,
  never,
  FileSystem.FileSystem | NodeNames | PluginLauncher | Processes
> {
  const launcher = yield* PluginLauncher
  const nodes = yield* NodeNames
  const host = yield* HostEnvironment
  const { environment: allowed, name } = entry.manifest
  const identity = {
    agentNode: nodes.agent,
    pluginNode: nodes.plugin(name),
    cookie: Cookie.make(cookie),
  }
  const printed: Array<string> = []
  const junk: Array<string> = []
  const peers = yield* makePeers({
    entryPath: entry.entryPath,
    launches,
    answerMillis: limits.answerMillis,
    onPrinted: (line) => void printed.push(line),
  })
  let generation = 0

  const platform = yield* Platform
  const environmentOf = (launch: LaunchId) => launchEnvironment(host, allowed, { ...identity, launch }, platform)
  const withoutCookie = (launch: LaunchId) => {
    const { [identityVariables.cookie]: _, ...others } = environmentOf(launch)
    return others
  }

  /** The launcher writes what a plugin prints to the log of the agent; here it is kept. */
  const keptLog = Logger.layer([Logger.make(({ message }) => void printed.push(show([message].flat().join(" "))))])

  return {
    entry,
    limits,
    cookie,
    pluginNode: identity.pluginNode,
    launch: Effect.suspend(() =>
      launcher.launch({
        entry,
        generation: Generation.make(++generation),
        settings: { ...defaultLaunchSettings, limits: { ...defaultLaunchSettings.limits, logLinesPerSecond: 100_000 } },
        operatorSettings,
        config,
        report: (notice) =>
          Effect.sync(() => {
            if (notice._tag === "Junk") junk.push(notice.line)
          }),
      }),
    ).pipe(
      Effect.provide(keptLog),
      Effect.mapError((error) => mismatch("a launch", error.message)),
    ),
    peer: peers.start(environmentOf),
    peerWithoutCookie: peers.start(withoutCookie),
    handshake: (differs) => ({
      protocol: { ...supportedProtocol },
      agentVersion: SemVer.format(agentVersion),
      agentNode: identity.agentNode,
      generation: 1,
      cookie,
      settings: operatorSettings,
      ...(config === undefined ? {} : { config }),
      ...differs,
    }),
    printed: () => printed,
    readLines: linesOf(yield* FileSystem.FileSystem),
    strays: () => peers.started().flatMap((peer) => peer.strays()),
    junk: () => [...junk, ...peers.started().flatMap((peer) => peer.junk())],
  }
})

const linesOf =
  (fs: FileSystem.FileSystem): PluginUnderTest["readLines"] =>
  (path) =>
    fs.readFileString(path).pipe(
      Effect.map((text) => text.split("\n")),
      Effect.orElseSucceed(() => []),
    )
