/** The agent that stays: it holds the state for its whole life, logs what happens, and answers on its socket. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { dirname, resolve } from "node:path"
import { defaultStaying } from "../../agent/configuration/ConfigurationField.ts"
import {
  Agent,
  EventLog,
  EventRecorder,
  KeyRotation,
  NodeNames,
  ResourceUpdater,
  StateOwnership,
  Store,
  WaitsForRoom,
} from "../../agent/index.ts"
import { Lease } from "../../agent/launch/Lease.ts"
import { RateShares } from "../../agent/launch/RateShares.ts"
import {
  AboutAgent,
  AgentEnvironment,
  CommandRequests,
  layerLoggedFeed,
  RequestKeys,
  serveSocket,
} from "../../control/index.ts"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { UserIds } from "../../platform/userIds.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import type { ClusterFlags } from "../cluster/clusterFlags.ts"
import { badLines } from "../CommandFailure.ts"
import { makeDiscoverySettings } from "../config/discoverySettings.ts"
import { layerDriftPolicy } from "../config/driftPolicy.ts"
import { withFlags } from "../config/flagSettings.ts"
import { layerConfiguration } from "../config/reloading.ts"
import { layerCoordinator } from "../layerCoordinator.ts"
import { openState } from "../openState.ts"
import { pluginFolders } from "../pluginFolders.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import { keyFileOf } from "../stateFiles.ts"
import { layerOwnState } from "../trust/ownState.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import type { AgentState } from "./AgentState.ts"
import { agentEnvironment } from "./agentEnvironment.ts"
import { socketPathsOf } from "./findAgent.ts"
import { keepListening } from "./keepListening.ts"
import { listenAddress } from "./listenAddress.ts"
import { listenAtAddress } from "./listenAtAddress.ts"
import type { ListenFlags } from "./listenFlags.ts"
import { listenSettings } from "./listenSettings.ts"
import { prepareFolder } from "./socketPath.ts"
import { waitingQuarantines } from "./waitingQuarantines.ts"

/** The first path whose folder only this user may enter. Fails with what is wrong with each. */
export const chooseSocket = Effect.fnUntraced(function* (stateFile: string) {
  const paths = yield* socketPathsOf(stateFile)
  if (isWindows(yield* Platform)) return paths[0] ?? ""
  const { uid } = yield* UserIds
  const objections: Array<string> = []
  for (const path of paths) {
    const folder = dirname(path)
    const objection = yield* prepareFolder(folder, uid)
    if (objection === undefined) return path
    objections.push(`${folder}: ${objection}`)
  }
  return yield* badLines(
    "SocketRefused",
    [
      "There is no folder for the socket of the agent that only this user may enter:",
      ...objections,
      "Set XDG_RUNTIME_DIR to a folder of your own",
    ],
    undefined,
  )
})

/** Removes what an agent has left that was killed. Only the one that holds the state may listen there. */
const removeStale = (socket: string) =>
  FileSystem.FileSystem.use((fs) => Effect.ignore(fs.remove(socket, { force: true })))

/** A named pipe is there for as long as somebody listens. */
const isThere = Effect.fnUntraced(function* (socket: string) {
  if (isWindows(yield* Platform)) return true
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.orElseSucceed(fs.exists(socket), () => true)
})

/** What an agent does with a state that it holds alone. */
const alone = Effect.fnUntraced(function* (stateFile: string) {
  const held = Layer.effectDiscard(Effect.flatMap(StateOwnership, ({ hold }) => hold))
  return {
    lease: undefined,
    shares: undefined,
    log: Layer.empty,
    given: Layer.empty,
    nodes: NodeNames.layer,
    feed: layerLoggedFeed,
    quarantines: waitingQuarantines,
    records: Layer.provideMerge(held, Agent.layerRecords),
    requests: Layer.merge(CommandRequests.layer, KeyRotation.layerFile(yield* keyFileOf(stateFile))),
  } satisfies AgentState as AgentState
})

/** The same of a runner, which shares its state with others. */
const shared = Effect.fnUntraced(function* (flags: ClusterFlags, stateFile: string, driftMillis: number | undefined) {
  const { clusterState } = yield* Effect.promise(() => import("../cluster/clusterState.ts"))
  return (yield* clusterState(flags, stateFile, driftMillis)) satisfies AgentState as AgentState
})

/** All that the process of an agent needs, and what listens with it. It is closed in the other order: the socket first, the state last. */
export const layerStaying = (flags: AgentFlags & ClusterFlags & ListenFlags) =>
  Effect.gen(function* () {
    const config = yield* readConfig(flags.config)
    yield* requireTrust(flags, config, ["plugins", "state"])
    const stateFile = stateFileOf(flags, config)
    const isRunner = Option.isSome(flags.cluster)
    const own = yield* isRunner ? shared(flags, stateFile, config.drift?.everyMillis) : alone(stateFile)
    const listen = listenSettings(withFlags(flags, config))
    const address = yield* listenAddress(listen, stateFile)
    const store = openState(stateFile).pipe(Layer.provide(layerOwnState(config)))
    const { idleMillis } = { ...defaultStaying, ...config.agent }
    const coordinator = layerCoordinator(yield* pluginFolders(flags, config), config, [], idleMillis, own.nodes).pipe(
      Layer.provide([own.quarantines, own.given]),
    )
    const discovery = makeDiscoverySettings(config)
    const agent = Agent.layerNoDeps.pipe(
      Layer.provide(EventRecorder.layerDrift),
      Layer.provideMerge(EventRecorder.layerNoDeps),
      Layer.provideMerge(Layer.mergeAll(EventLog.layerNoDeps(), ResourceUpdater.layerNoDeps)),
      Layer.provideMerge(own.records),
      Layer.provideMerge(coordinator),
      Layer.provideMerge(store),
      // On a full disk only new work stops.
      Layer.provide(Layer.succeed(WaitsForRoom, true)),
      Layer.provideMerge(Layer.merge(Layer.succeed(Lease, own.lease), Layer.succeed(RateShares, own.shares))),
      Layer.provide([layerDriftPolicy(config), discovery.layer]),
    )
    const configuration = Layer.unwrap(
      Effect.map(EventRecorder, ({ record }) =>
        layerConfiguration(flags, config, {
          report: (change) => record({ event: { _tag: "Configuration", ...change } }),
          use: discovery.use,
        }),
      ),
    )
    const requests = own.requests.pipe(Layer.provideMerge(Layer.merge(own.feed, RequestKeys.layer)))
    let url: string | undefined
    const addressNow = () => url
    const about = Layer.mergeAll(
      Layer.succeed(AboutAgent, {
        stateFile: Store.isPostgresUrl(stateFile) ? stateFile : resolve(stateFile),
        pid: process.pid,
        address: addressNow,
      }),
      Layer.effect(AgentEnvironment, agentEnvironment),
    )
    const served = (socket: string) =>
      serveSocket({ socket }).pipe(Layer.provide(Layer.effectDiscard(removeStale(socket))), Layer.provide(about))
    const whole = Layer.provideMerge(configuration, agent)
    const listening = keepListening({
      choose: chooseSocket(stateFile),
      serve: (socket) => Effect.asVoid(Layer.build(Layer.fresh(served(socket)))),
      isThere,
    })
    return {
      config,
      stateFile,
      isRunner,
      /** The URL at which it listens beside its socket, once it does. */
      addressNow,
      layer: Layer.provideMerge(requests, whole).pipe(Layer.provideMerge(own.log)),
      /** At the address that was asked for, until the scope closes. Gives what reads its certificate again. */
      listenAtAddress:
        address === undefined
          ? Effect.succeed(() => Effect.void)
          : Effect.gen(function* () {
              const listening = yield* listenAtAddress(address, listen, yield* EventRecorder)
              url = listening.url
              return listening.renew
            }).pipe(Effect.provide(about)),
      /** Gives the path of its socket. The runners of a machine have one together: undefined where another one listens. */
      listen: isRunner
        ? Effect.flatMap(
            Effect.promise(() => import("../cluster/inTurn.ts")),
            ({ inTurn }) => inTurn(stateFile, listening),
          )
        : listening,
    }
  })
