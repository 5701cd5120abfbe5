/** What a runner tells of itself to whoever asks for its metrics. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SqlMessageStorage from "effect/cluster/SqlMessageStorage"
import * as Digest from "effect/crypto/Digest"
import { makeLease } from "../../src/agent/launch/Lease.ts"
import { makeRateShares } from "../../src/agent/launch/RateShares.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { layerClusterMetrics } from "../../src/cluster/clusterMetrics.ts"
import { metricsText } from "../../src/control/server/metricsText.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { makeTestCluster } from "./testRunners.ts"

describe("the metrics of a runner", () => {
  it.effect(
    "say how many runners there are, what it has and for how long, and what waits, and that it may not act where it is cut off",
    () =>
      withPassingTime(
        Effect.scoped(
          Effect.gen(function* () {
            const { plugin } = makeNotes()
            const cluster = yield* makeTestCluster
            const one = yield* cluster.join("one", [plugin])
            const messages = SqlMessageStorage.layer.pipe(
              Layer.provide([Digest.layerWebCrypto, ShardingConfig.layer()]),
            )
            yield* Effect.provideContext(Layer.build(Layer.fresh(messages)), cluster.shared)
            const forma = JSON.parse(JSON.stringify(formaOfNotes({ a: { Text: "a" } })))
            yield* Context.get(one.context, CommandRequests).ask(
              "key",
              { command: "apply", forma },
              { name: "somebody", isOwner: true },
            )
            const { lease, renewBy } = yield* makeLease
            const { give, shares } = yield* makeRateShares
            yield* give("Notes", 0.5)
            yield* renewBy("1 minute", Effect.void)
            const measured = Layer.provide(
              layerClusterMetrics({ lease, shares }),
              PluginCoordinator.layerInProcess([plugin]),
            )
            yield* Effect.provideContext(Layer.build(Layer.fresh(measured)), Context.merge(cluster.shared, one.context))
            yield* Effect.sleep("6 seconds")
            const valueIn = (all: string, name: string) =>
              Number(new RegExp(`^formae_cluster_${name}(?:{[^}]*})? (\\S+)$`, "m").exec(all)?.[1])
            const text = yield* metricsText
            const valueOf = (name: string) => valueIn(text, name)
            assert.strictEqual(valueOf("runners"), 1, text)
            assert.isAbove(valueOf("shards"), 0, text)
            assert.strictEqual(valueOf("documents"), 1, text)
            assert.isAbove(valueOf("lease_remaining_seconds"), 50, text)
            assert.strictEqual(valueOf("messages_waiting"), 0, text)
            assert.strictEqual(valueOf("rate_share"), 0.5, text)
            yield* one.link.cut
            yield* Effect.sleep("1 minute")
            const cutOff = yield* metricsText
            assert.strictEqual(valueIn(cutOff, "lease_remaining_seconds"), 0, cutOff)
          }),
        ),
      ),
  )
})
