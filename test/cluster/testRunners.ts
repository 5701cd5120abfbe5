/** Runners of one cluster in this process, over one store, under TestClock. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as RunnerHealth from "effect/cluster/RunnerHealth"
import * as RunnerServer from "effect/cluster/RunnerServer"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import type * as Sharding from "effect/cluster/Sharding"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import { Agent } from "../../src/agent/Agent.ts"
import { layerRecordsOver } from "../../src/agent/AgentRecords.ts"
import { Lease, makeLease } from "../../src/agent/launch/Lease.ts"
import { leasedStorage } from "../../src/cluster/leasedStorage.ts"
import { ResourceUpdater } from "../../src/agent/apply/ResourceUpdater.ts"
import { EventLog } from "../../src/agent/events/EventLog.ts"
import { EventRecorder } from "../../src/agent/events/EventRecorder.ts"
import { Holders } from "../../src/agent/records/cluster/Holders.ts"
import { layerSharedClaims } from "../../src/agent/records/cluster/layerSharedClaims.ts"
import { layerSharedOwnership } from "../../src/agent/records/cluster/layerSharedOwnership.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { layerClusterRequests } from "../../src/cluster/ClusterRequests.ts"
import { layerForma } from "../../src/cluster/formaHandlers.ts"
import { FormaPlaces } from "../../src/cluster/FormaPlaces.ts"
import { groupsServedBy } from "../../src/cluster/placement.ts"
import { RequestBodies } from "../../src/cluster/RequestBodies.ts"
import { layerLoggedFeed } from "../../src/control/server/EventFeedLog.ts"
import { hasEnded } from "../../src/control/api/ApiCommand.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { RequestKeys } from "../../src/control/server/RequestKeys.ts"
import { layerTestStore } from "../../src/testing/TestStore.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { layerLinkedClient } from "../survival/cluster/layerLinkedClient.ts"
import { makeTestLeases } from "./TestLeases.ts"
import { makeLink, makeTestNetwork } from "./TestNetwork.ts"

/** The times of these runners, in milliseconds. */
export const expirationMillis = 12_000

const config = (address: RunnerAddress.RunnerAddress, namespaces: ReadonlyArray<string>) => ({
  ...ShardingConfig.defaults,
  runnerAddress: Option.some(address),
  availableShardGroups: groupsServedBy(namespaces),
  assignedShardGroups: groupsServedBy(namespaces),
  shardsPerGroup: 4,
  shardLockExpiration: expirationMillis,
  shardLockRefreshInterval: 3_000,
  refreshAssignmentsInterval: 1_000,
  entityMessagePollInterval: 1_000,
  simulateRemoteSerialization: true,
})

/** Who asks in these tests. */
export const caller = { name: "somebody", isOwner: true }

export const requestsOf = ({ context }: { readonly context: Context.Context<CommandRequests> }) =>
  Context.get(context, CommandRequests)

/** What has become of a command, once it has ended. */
export const ended = (requests: CommandRequests["Service"], key: string) =>
  Effect.gen(function* () {
    let record = yield* requests.find(key)
    while (!hasEnded(record)) record = yield* requests.find(key, record.revision)
    return record
  })

/** A cluster without runners yet. */
export const makeTestCluster = Effect.gen(function* () {
  const leases = makeTestLeases(expirationMillis)
  const network = makeTestNetwork()
  const scope = yield* Effect.scope
  const shared = yield* Layer.build(
    Layer.merge(Layer.fresh(layerTestStore), MessageStorage.layerMemory.pipe(Layer.provide(ShardingConfig.layer()))),
  )

  /** Begins a runner that hosts namespaces, with plugins of its own. */
  const join = Effect.fnUntraced(function* (
    host: string,
    plugins: ReadonlyArray<InProcessPlugin>,
    namespaces: ReadonlyArray<string> = ["Notes"],
    tasks: Layer.Layer<never, never, Agent | Holders | RunnerStorage.RunnerStorage | Sharding.Sharding> = Layer.empty,
  ) {
    const link = makeLink()
    const database = makeLink()
    let losses = 0
    const own = yield* Scope.fork(scope)
    const clock = link.clockOf(yield* Clock.Clock)
    const lease = yield* Effect.provideService(makeLease, Clock.Clock, clock)
    const storage = leasedStorage(leases.storage(link), lease, expirationMillis)
    const address = RunnerAddress.make(host, 1)
    const name = `${host}:1`
    const sharding = RunnerServer.layerWithClients.pipe(
      Layer.provide([network.serverAt(link, name), RunnerHealth.layerNoop]),
      Layer.provideMerge(Layer.succeed(RunnerStorage.RunnerStorage, storage)),
      Layer.provide([network.clientFrom(link), ShardingConfig.layer(config(address, namespaces))]),
    )
    const records = layerRecordsOver(Layer.merge(layerSharedClaims, layerSharedOwnership)).pipe(
      Layer.provideMerge(Holders.layer(name)),
    )
    const agent = Agent.layerNoDeps.pipe(
      Layer.provideMerge(EventRecorder.layerNoDeps),
      Layer.provideMerge(Layer.mergeAll(EventLog.layerNoDeps(), ResourceUpdater.layerNoDeps)),
      Layer.provideMerge(records),
      Layer.provide(PluginCoordinator.layerInProcess(plugins)),
    )
    const layer = Layer.mergeAll(layerForma, layerClusterRequests, tasks).pipe(
      Layer.provideMerge(FormaPlaces.layer),
      Layer.provideMerge(sharding),
      Layer.provideMerge(Layer.mergeAll(layerLoggedFeed, RequestKeys.layer, RequestBodies.layer)),
      Layer.provideMerge(agent),
      Layer.orDie,
    )
    const client = yield* Layer.buildWithScope(
      Layer.fresh(layerLinkedClient(database, Context.get(shared, SqlClient), () => losses)),
      own,
    ).pipe(Effect.map(Context.get(SqlClient)))
    const context = yield* Layer.buildWithScope(Layer.fresh(layer), own).pipe(
      Effect.provideService(SqlClient, client),
      Effect.provideContext(shared),
      Effect.provideService(Lease, lease.lease),
      Effect.provideService(Clock.Clock, clock),
    )
    const isThere = Effect.map(storage.getRunners, (all) => all.some(([runner]) => runner.address.host === host))
    yield* Effect.repeat(Effect.delay(isThere, "100 millis"), { until: (there) => there })
    return {
      name,
      link,
      context,
      /** Only the tables: its leases are renewed. What is written at that moment is lost. */
      cutFromTables: Effect.andThen(
        Effect.sync(() => void (losses += 1)),
        database.cut,
      ),
      reachTables: database.restore,
      whileSilent: <A, E, R>(effect: Effect.Effect<A, E, R>) => network.whileSilent(name, effect),
      /** As kill -9: from one moment on nothing of it reaches anything. */
      kill: Effect.gen(function* () {
        yield* link.cut
        yield* network.breakConnections(name)
        yield* Scope.close(own, Exit.void)
      }),
      /** As an agent that is asked to stop. */
      leave: Scope.close(own, Exit.void),
    }
  })

  /** The host that holds a forma now, and under which epoch. */
  const holderOf = (forma: string) =>
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const [row] = yield* sql`SELECT runner, epoch FROM holders WHERE name LIKE ${`forma %:${forma}`}`.values
      return { host: String(row?.[0]).replace(/:1$/, ""), epoch: Number(row?.[1]) }
    }).pipe(Effect.provideContext(shared), Effect.orDie)

  return { holderOf, join, shared }
})
