/** A program with a coordinator of its own: it has one operator, which works in this process, and supervises nothing. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { Agent, NamespaceUnknown, PluginCoordinator, Store } from "formae/agent"
import { makeLocalOperator } from "formae/plugin"
import { makeGallery } from "./gallery.ts"
import { notes } from "./notes.ts"
import { makeTwoNotes } from "./twoNotes.ts"

const layerCoordinator = Layer.effect(
  PluginCoordinator,
  Effect.gen(function* () {
    const local = yield* makeLocalOperator(notes)
    const types = new Map([...notes.types].map(([type, { capabilities }]) => [type, capabilities]))
    const known = [notes.namespace]
    const check = (namespace: string) =>
      namespace === notes.namespace ? Effect.void : Effect.fail(new NamespaceUnknown({ namespace, known }))
    return PluginCoordinator.of({
      operator: ({ namespace }) => Effect.as(check(namespace), local),
      capabilities: (namespace) => Effect.as(check(namespace), types),
      configure: local.configure,
      recycle: () => Effect.succeed({ _tag: "NoSuchPlugin" }),
      disable: () => Effect.void,
      enable: () => Effect.succeed(false),
      release: () => Effect.succeed(false),
      status: Effect.succeed([]),
      statusChanges: Stream.empty,
      events: Stream.empty,
    })
  }),
)

const main = Effect.gen(function* () {
  const agent = yield* Agent
  const { resources } = yield* agent.apply(yield* makeTwoNotes("tea"))
  for (const { label, outputs, status } of resources) yield* Console.log(`${label} ${status}: ${outputs?.["Url"]}`)
  const refused = yield* Effect.flip(agent.apply(yield* makeGallery("gallery")))
  yield* Console.log(refused.message)
})

const layerAgent = Agent.layer.pipe(Layer.provide([layerCoordinator, Store.layerMemory]))

main.pipe(Effect.provide(layerAgent), NodeRuntime.runMain)
