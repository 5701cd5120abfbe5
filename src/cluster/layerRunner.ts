/** An agent as a runner of a cluster: what it has in the place of an agent's own state. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { layerRecordsOver } from "../agent/AgentRecords.ts"
import { Holders } from "../agent/records/cluster/Holders.ts"
import { layerSharedClaims } from "../agent/records/cluster/layerSharedClaims.ts"
import { layerSharedOwnership } from "../agent/records/cluster/layerSharedOwnership.ts"
import { NodeNames } from "../agent/launch/NodeNames.ts"
import { Quarantines } from "../agent/supervision/Quarantines.ts"
import { PluginCoordinator } from "../agent/supervision/PluginCoordinator.ts"
import { layerLoggedFeed, OtherLoggers } from "../control/server/EventFeedLog.ts"
import { layerClusterMetrics } from "./clusterMetrics.ts"
import { layerClusterRequests } from "./ClusterRequests.ts"
import { layerForma } from "./formaHandlers.ts"
import { FormaPlaces } from "./FormaPlaces.ts"
import { layerHousekeeping } from "./housekeeping.ts"
import { layerSharding, type RunnerOptions } from "./layerSharding.ts"
import { RequestBodies } from "./RequestBodies.ts"
import { runnerName, runnerNode } from "./runnerNames.ts"
import type { RunnerShares } from "./rates/RunnerShares.ts"
import { defaultTimes } from "./RunnerTimes.ts"

/** A runner, whose namespaces are those of its plugins if they are not named. */
export interface JoinOptions extends Omit<RunnerOptions, "namespaces"> {
  readonly namespaces?: ReadonlyArray<string> | undefined
  /** How often one runner of the cluster looks for drift. Left out where none does. */
  readonly driftMillis?: number | undefined
  /** What its plugins may use of each rate limit. */
  readonly shares: RunnerShares
}

/** A client sees what happens on another runner so much later at most. */
const eventMillis = 500

/** What the agent of a runner has for its records, and what runs the commands that it is asked for. Both are of one runner. */
export const layerRunner = (options: JoinOptions) => {
  const holders = Holders.layer(runnerName(options))
  const lease = options.shares.leased(options.lease)
  const sharding = Layer.unwrap(
    Effect.gen(function* () {
      const plugins = (yield* (yield* PluginCoordinator).status).map(({ entry }) => entry.manifest.namespace)
      const { namespaces = plugins } = options
      // A runner that has a plugin may read by it, whether or not it may host the namespace.
      const kept = Layer.effectDiscard(options.shares.keep(plugins, options.times ?? defaultTimes))
      return Layer.provide(layerSharding({ ...options, lease, namespaces }), kept)
    }),
  )
  const measured = layerClusterMetrics({ lease: lease.lease, shares: options.shares.shares })
  return {
    records: layerRecordsOver(Layer.merge(layerSharedClaims, layerSharedOwnership).pipe(Layer.provide(holders))),
    // What crashes on one machine may run on another, so the table that runners share has none of them.
    quarantines: Quarantines.layerMemory,
    /** For below the plugins: what they used is free once they have ended. */
    given: Layer.effectDiscard(Effect.addFinalizer(() => Effect.ignore(options.shares.end, { log: true }))),
    nodes: NodeNames.layerCluster(runnerNode(options)),
    feed: Layer.provide(layerLoggedFeed, Layer.succeed(OtherLoggers, eventMillis)),
    requests: Layer.mergeAll(layerForma, layerClusterRequests, layerHousekeeping(options.driftMillis), measured).pipe(
      Layer.provide(FormaPlaces.layer),
      Layer.provideMerge(sharding),
      Layer.provide(RequestBodies.layer),
      Layer.provide(holders),
    ),
  }
}
