/** A program that creates one resource, without a document and without an agent. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, createRequest, PluginCoordinator, ResourceUpdater, Store } from "formae/agent"
import { ResourceType } from "formae/protocol"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

const main = Effect.gen(function* () {
  const types = yield* (yield* PluginCoordinator).capabilities("FakeAWS")
  const capabilities = types.get(ResourceType.make("FakeAWS::S3::Bucket"))
  if (capabilities === undefined) return yield* Effect.die("the plugin has no buckets")
  const command = { commandId: "example-1", forma: "by-hand" }
  const targetConfig = { cloud: "cloud.db", region: "us-east-1" }
  const properties = { BucketName: "one-bucket" }
  const request = createRequest({ command, label: "bucket", capabilities, properties, targetConfig })
  yield* Console.log(yield* (yield* ResourceUpdater).run(request))
})

const layerUpdater = ResourceUpdater.layerNoDeps.pipe(
  Layer.provide(Agent.layerRecords),
  Layer.provideMerge(PluginCoordinator.layerProcesses([pluginFolder])),
  Layer.provide(Store.layerFile("state.db")),
  Layer.provide(NodeServices.layer),
)

main.pipe(Effect.provide(layerUpdater), NodeRuntime.runMain)
