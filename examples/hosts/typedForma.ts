/** A program that declares its resources in code, checked by the compiler, and applies them. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, Forma, PluginCoordinator, Store } from "formae/agent"
// npx formae types --typescript --plugins node_modules/formae/dist/plugins --out FakeAWS.ts
import { FakeAWS } from "./FakeAWS.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

const cloud = Forma.target(FakeAWS.S3.Bucket, {
  label: "cloud",
  config: { cloud: "./cloud.db", region: "us-east-1" },
})

const pictures = Forma.resource(FakeAWS.S3.Bucket, {
  label: "pictures",
  target: cloud,
  properties: { BucketName: "pictures", VersioningConfiguration: { Status: "Enabled" } },
})

const logs = Forma.resource(FakeAWS.S3.Bucket, {
  label: "logs",
  target: cloud,
  // A reference is accepted where a value of its type is.
  properties: { BucketName: "logs", Tags: [{ Key: "of", Value: pictures.ref("Arn") }] },
})

const main = Effect.gen(function* () {
  const agent = yield* Agent
  const forma = yield* Forma.make({ name: "gallery", targets: [cloud], resources: [pictures, logs] })
  const { resources, status } = yield* agent.apply(forma)
  for (const { label, operation, status } of resources) yield* Console.log(`${label} ${operation} ${status}`)
  process.exitCode = status === "succeeded" ? 0 : 1
})

const layerAgent = Agent.layer.pipe(
  Layer.provide([PluginCoordinator.layerProcesses([pluginFolder]), Store.layerFile("state.db")]),
  Layer.provide(NodeServices.layer),
)

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
