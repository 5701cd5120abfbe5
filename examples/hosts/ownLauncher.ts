/** A program with a launcher of its own: one plugin is linked into the program, and all others are processes. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, Catalog, NodeNames, PluginCoordinator, PluginLauncher, Quarantines, Store } from "formae/agent"
import { inProcess } from "formae/plugin"
import { makeGallery } from "./gallery.ts"
import { notes } from "./notes.ts"
import { makeTwoNotes } from "./twoNotes.ts"

const pluginFolder = process.argv[2] ?? "node_modules/formae/dist/plugins"
const linkedIn = [inProcess(notes)]

const layerCatalog = Layer.effect(
  Catalog,
  Effect.gen(function* () {
    const found = Context.get(yield* Layer.build(Catalog.layerDirectories([pluginFolder])), Catalog)
    const linked = Context.get(yield* Layer.build(Catalog.layerInProcess(linkedIn)), Catalog)
    return Catalog.fromEntries([...linked.entries, ...found.entries], found.rejected)
  }),
)

const layerLauncher = Layer.effect(
  PluginLauncher,
  Effect.gen(function* () {
    const processes = Context.get(yield* Layer.build(PluginLauncher.layer), PluginLauncher)
    const linked = Context.get(yield* Layer.build(PluginLauncher.layerInProcess(linkedIn)), PluginLauncher)
    return PluginLauncher.of({
      launch: (request) => (request.entry.manifest.name === notes.name ? linked : processes).launch(request),
    })
  }),
)

const layerCoordinator = PluginCoordinator.layerNoDeps().pipe(
  Layer.provide([layerCatalog, layerLauncher, Quarantines.layerMemory]),
  Layer.provide(NodeNames.layer),
)

const main = Effect.gen(function* () {
  const agent = yield* Agent
  const coordinator = yield* PluginCoordinator
  for (const forma of [yield* makeTwoNotes("tea"), yield* makeGallery("gallery")]) yield* agent.apply(forma)
  for (const { entry, state } of yield* coordinator.status) {
    if (state._tag !== "Ready") continue
    const isLinkedIn = state.launch.identity.pid === process.pid
    yield* Console.log(`${entry.manifest.name} is ${isLinkedIn ? "linked in" : "a process"}`)
  }
})

const layerAgent = Agent.layer.pipe(
  Layer.provideMerge(layerCoordinator),
  Layer.provide(Store.layerFile("state.db")),
  Layer.provide(NodeServices.layer),
)

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
