/** A program that watches what an agent does: one command as a stream, and all of them from a subscription. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { Agent, type ChangeEvent, type CommandFinished, PluginCoordinator, Store } from "formae/agent"
import { makeGallery } from "./gallery.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"

const describe = (event: ChangeEvent | CommandFinished): string => {
  switch (event._tag) {
    case "Waiting":
      return `${event.forma} waits for ${event.waitsFor?.forma ?? "another command"}`
    case "Resuming":
      return `${event.forma} is going to be resumed`
    case "Began":
      return `${event.forma} has begun`
    case "Planned":
      return `to do: ${event.changes.map(({ label, operation }) => `${operation} ${label}`).join(", ")}`
    case "Started":
      return `${event.change.label}: ${event.change.operation} has started`
    case "Progressed":
      return `${event.change.label}: ${event.progress.failure?.message ?? "the provider has accepted it"}`
    case "Finished":
      return `${event.result.label}: ${event.result.operation} has ${event.result.status}`
    case "CommandFinished":
      return `the command has ${event.result.status}`
  }
}

const main = Effect.gen(function* () {
  const agent = yield* Agent
  // Nothing runs yet, so nothing is missed.
  const events = yield* agent.events
  yield* agent
    .applyStream(yield* makeGallery("gallery", { settleMillis: 200 }))
    .pipe(Stream.runForEach((event) => Console.log(describe(event))))
  yield* agent.destroy("gallery")
  const all = yield* Queue.clear(events)
  yield* Console.log(`both commands: ${all.map(({ _tag }) => _tag).join(" ")}`)
}).pipe(Effect.scoped)

const layerAgent = Agent.layer.pipe(
  Layer.provide([PluginCoordinator.layerProcesses([pluginFolder]), Store.layerFile("state.db")]),
  Layer.provide(NodeServices.layer),
)

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
