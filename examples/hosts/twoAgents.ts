/** A program with two agents on two states, and with commands of one agent on two documents. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Agent, PluginCoordinator, Store } from "formae/agent"
import { makeGallery } from "./gallery.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

class Blue extends Context.Service<Blue, Agent["Service"]>()("example/Blue") {}
class Green extends Context.Service<Green, Agent["Service"]>()("example/Green") {}

/** An agent of its own for each state. Without `Layer.fresh`, both would share the first one, as layers do. */
const layerAgent = (state: string) =>
  Layer.fresh(
    Agent.layer.pipe(
      Layer.provide([PluginCoordinator.layerProcesses([pluginFolder]), Store.layerFile(state)]),
      Layer.provide(NodeServices.layer),
    ),
  )

const layerAgents = Layer.merge(
  Layer.provide(Layer.effect(Blue, Agent), layerAgent("blue.db")),
  Layer.provide(Layer.effect(Green, Agent), layerAgent("green.db")),
)

const main = Effect.gen(function* () {
  const blue = yield* Blue
  const green = yield* Green
  const formae = yield* Effect.all([
    makeGallery("blue"),
    makeGallery("green"),
    makeGallery("slow", { settleMillis: 500 }),
  ])
  const [ofBlue, ofGreen, slow] = formae

  // Two agents work at the same time, and neither knows of the other's resources.
  yield* Effect.all([blue.apply(ofBlue), green.apply(ofGreen)], { concurrency: 2 })
  for (const { inventory } of [blue, green]) {
    const { resources } = yield* inventory
    yield* Console.log(resources.map(({ forma, label }) => `${forma}/${label}`).join(" "))
  }

  // Commands of one agent take turns on one document, and run side by side on two: one that has to wait may be refused.
  const hasBegun = yield* Deferred.make<void>()
  const first = yield* Effect.forkChild(blue.apply(slow, { observe: () => Deferred.succeed(hasBegun, undefined) }))
  yield* Deferred.await(hasBegun)
  const refused = yield* Effect.flip(blue.apply(slow, { whenInUse: "refuse" }))
  yield* Console.log(refused.message)
  const [waited] = yield* Effect.all([blue.apply(slow), blue.apply(ofBlue)], { concurrency: 2 })
  yield* Console.log(`the first has ${(yield* Fiber.join(first)).status}, and then the second has ${waited.status}`)
})

main.pipe(Effect.provide(layerAgents), NodeRuntime.runMain)
