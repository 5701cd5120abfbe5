/** What a runner measures of itself and of its cluster. It looks now and then, and tells what it saw last. */
import * as ClusterMetrics from "effect/cluster/ClusterMetrics"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Sharding from "effect/cluster/Sharding"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { SqlClient } from "effect/sql/SqlClient"
import type { AgentLease } from "../agent/launch/Lease.ts"
import type { RateShares } from "../agent/launch/RateShares.ts"
import {
  clusterDocuments,
  clusterLease,
  clusterMessages,
  clusterRateShare,
  clusterRunners,
  clusterShards,
  watchGauge,
} from "../agent/metrics/Metrics.ts"
import { PluginCoordinator } from "../agent/supervision/PluginCoordinator.ts"

/** Often enough for a graph, and seldom enough for a database. */
const lookMillis = 5_000

interface Measured {
  readonly lease: AgentLease
  readonly shares: RateShares
}

/** Of the runner whose cluster this is. */
export const layerClusterMetrics = ({ lease, shares }: Measured) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const sharding = yield* Sharding.Sharding
      const storage = yield* RunnerStorage.RunnerStorage
      const sql = yield* SqlClient
      let seen = { runners: 0, shards: 0, documents: 0, messages: 0 }
      let leaseSeconds = 0
      const look = Effect.gen(function* () {
        const [waiting] = yield* sql`SELECT count(*) FROM cluster_messages WHERE NOT processed`.values
        seen = {
          runners: (yield* storage.getRunners).length,
          shards: Number((yield* Metric.value(ClusterMetrics.shards)).value),
          documents: yield* sharding.activeEntityCount,
          messages: Number(waiting?.[0] ?? 0),
        }
      })
      // Without its database it has nothing new to tell but that its lease ends. An answer may be a long time in coming.
      const lookAtLease = Effect.map(lease.remaining, (remaining) => {
        leaseSeconds = Duration.toSeconds(remaining)
      })
      for (const each of [lookAtLease, Effect.ignore(look)]) {
        yield* Effect.forkScoped(Effect.forever(Effect.andThen(each, Effect.sleep(lookMillis))))
      }
      yield* watchGauge(clusterRunners, {}, () => seen.runners)
      yield* watchGauge(clusterShards, {}, () => seen.shards)
      yield* watchGauge(clusterDocuments, {}, () => seen.documents)
      yield* watchGauge(clusterLease, {}, () => leaseSeconds)
      yield* watchGauge(clusterMessages, {}, () => seen.messages)
      const plugins = yield* (yield* PluginCoordinator).status
      for (const { entry } of plugins) {
        const { namespace } = entry.manifest
        yield* watchGauge(clusterRateShare, { "formae.namespace": namespace }, () => shares.of(namespace))
      }
    }),
  )
