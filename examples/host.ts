/** A program of its own that has a plugin make a bucket: `node host.ts`, where formae is installed. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PluginCoordinator } from "formae/agent"
import { Operation, OperationId, ResourceType } from "formae/protocol"

const plugins = PluginCoordinator.layerProcesses(["node_modules/formae/dist/plugins"])

const main = Effect.gen(function* () {
  const resource = {
    operationId: OperationId.make("first"),
    resourceType: ResourceType.make("FakeAWS::S3::Bucket"),
    label: "pictures",
  }
  const coordinator = yield* PluginCoordinator
  const operator = yield* coordinator.operator({
    namespace: "FakeAWS",
    resourceUri: `shop/${resource.label}`,
    operation: "Create",
    operationId: resource.operationId,
  })
  const result = yield* operator.perform(
    Operation.cases.Create.make({
      ...resource,
      targetConfig: { cloud: "cloud.db", region: "eu-west-1" },
      properties: { BucketName: "shop-pictures" },
    }),
    (progress) => Console.log(progress),
  )
  yield* Console.log(result)
})

main.pipe(Effect.provide(plugins.pipe(Layer.provide(NodeServices.layer))), NodeRuntime.runMain)
