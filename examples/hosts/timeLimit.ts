/** A program that cuts commands short in three ways, and then finishes them. Nothing is done twice. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Agent, type CommandResult, PluginCoordinator, Store } from "formae/agent"
import { makeGallery } from "./gallery.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

const print = (how: string, { resources, status }: CommandResult) =>
  Console.log(`${how}: ${status} (${resources.map(({ label, status }) => `${label} ${status}`).join(", ")})`)

const main = Effect.gen(function* () {
  const agent = yield* Agent
  const forma = yield* makeGallery("gallery", { settleMillis: 3000 })
  // Starts the plugin, so that the limit is for the work alone.
  yield* agent.plan(forma)

  // An interruption ends the command at once.
  const first = yield* Effect.timeoutOption(agent.apply(forma), "300 millis")
  yield* Console.log(`interrupted: ${Option.isNone(first) ? "no result" : "too late"}`)

  // A stop lets what is under way reach a safe point, and has a result.
  yield* print("stopped by a time limit", yield* agent.apply(forma, { stopWhen: Effect.sleep("300 millis") }))

  // The same by the command's id, from anywhere in the program.
  const stopAtOnce = agent.apply(forma, {
    observe: (event) => (event._tag === "Began" ? agent.stop(event.commandId) : Effect.void),
  })
  yield* print("stopped by its id", yield* stopAtOnce)

  yield* print("resumed", yield* agent.resume())
  yield* print("applied again", yield* agent.apply(forma))
})

const layerAgent = Agent.layer.pipe(
  Layer.provide([PluginCoordinator.layerProcesses([pluginFolder]), Store.layerFile("state.db")]),
  Layer.provide(NodeServices.layer),
)

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
