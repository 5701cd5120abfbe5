/** A program that puts each of the three services together itself, and wraps it in one of its own. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, PluginCoordinator, ResourceUpdater, Store } from "formae/agent"
import { PluginOperator } from "formae/protocol"
import { makeGallery } from "./gallery.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

/** An operator that prints how each operation has ended. */
const printing = (operator: PluginOperator["Service"]) =>
  PluginOperator.of({
    ...operator,
    perform: (operation, observe) =>
      Effect.tap(operator.perform(operation, observe), ({ status }) =>
        Console.log(`operator: ${operation._tag} ${operation.label} ${status}`),
      ),
  })

/** A coordinator that hands out such operators. */
const layerCoordinator = Layer.effect(
  PluginCoordinator,
  Effect.map(PluginCoordinator, (coordinator) =>
    PluginCoordinator.of({
      ...coordinator,
      operator: (request) =>
        Console.log(`coordinator: ${request.operation} of ${request.resourceUri}`).pipe(
          Effect.andThen(coordinator.operator(request)),
          Effect.map(printing),
        ),
    }),
  ),
).pipe(Layer.provide(PluginCoordinator.layerProcesses([pluginFolder])))

/** An updater that prints what each step has done. */
const layerUpdater = Layer.effect(
  ResourceUpdater,
  Effect.map(ResourceUpdater, ({ run }) =>
    ResourceUpdater.of({ run: (request) => Effect.tap(run(request), ({ _tag }) => Console.log(`updater: ${_tag}`)) }),
  ),
).pipe(Layer.provide(ResourceUpdater.layerNoDeps))

const layerAgent = Agent.layerNoDeps.pipe(
  Layer.provide(layerUpdater),
  Layer.provide(Agent.layerRecords),
  Layer.provide([layerCoordinator, Store.layerFile("state.db")]),
  Layer.provide(NodeServices.layer),
)

const main = Effect.gen(function* () {
  const { apply } = yield* Agent
  const { status } = yield* apply(yield* makeGallery("gallery"))
  yield* Console.log(`the apply has ${status}`)
})

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
