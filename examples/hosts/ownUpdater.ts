/** A program with an updater of its own: it makes every change except deletes. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, ChangeFailed, PluginCoordinator, ResourceUpdater, Store } from "formae/agent"
import { makeGallery } from "./gallery.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

const layerUpdater = Layer.effect(
  ResourceUpdater,
  Effect.gen(function* () {
    const { run } = yield* ResourceUpdater
    const refusal = new ChangeFailed({
      reason: { _tag: "Canceled" },
      message: "this host deletes nothing",
      attempts: 0,
    })
    return ResourceUpdater.of({ run: (request) => (request._tag === "Remove" ? Effect.fail(refusal) : run(request)) })
  }),
).pipe(Layer.provide(ResourceUpdater.layerNoDeps))

const main = Effect.gen(function* () {
  const agent = yield* Agent
  yield* agent.apply(yield* makeGallery("gallery"))
  const { resources, status } = yield* agent.destroy("gallery")
  yield* Console.log(`the destroy was ${status}`)
  for (const { error, label } of resources) yield* Console.log(`${label}: ${error?.message}`)
})

const layerAgent = Agent.layerNoDeps.pipe(
  Layer.provide(layerUpdater),
  Layer.provide(Agent.layerRecords),
  Layer.provide([PluginCoordinator.layerProcesses([pluginFolder]), Store.layerFile("state.db")]),
  Layer.provide(NodeServices.layer),
)

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
