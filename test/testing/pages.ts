/** A plugin whose provider is in memory, outlives its processes, and notes what reaches it; and applies of its pages. */
import { Agent, type Forma, PluginCoordinator } from "formae/agent"
import { Answer, definePlugin, defineResource, ProviderError, Recovered } from "formae/plugin"
import { Namespace, NativeId, ResourceType } from "formae/protocol"
import { type FakePlugin, layerFakePlugins, layerTestStore, withPassingTime } from "formae/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"

interface Page {
  readonly Name: string
  readonly Text: string
}

/** `calls` has what has reached the provider, as `Create a`; `pages` what it has. */
export const makePages = () => {
  const calls: Array<string> = []
  const pages = new Map<string, Page>()
  const find = (name: string) =>
    Effect.mapError(Effect.fromNullishOr(pages.get(name)), () => ProviderError.of("NotFound", `${name} does not exist`))

  const type = defineResource({
    type: "Book::Text::Page",
    properties: Schema.Struct({ Name: Schema.String, Text: Schema.String }),
    target: Schema.Struct({}),
    idempotency: "name",
    create: ({ properties }) =>
      Effect.sync(() => {
        calls.push(`Create ${properties.Name}`)
        pages.set(properties.Name, properties)
        return Answer.inProgress({ requestId: properties.Name })
      }),
    status: Effect.fnUntraced(function* ({ requestId }) {
      calls.push(`Status ${requestId}`)
      return Answer.succeeded({ nativeId: requestId, properties: { ...(yield* find(requestId)) } })
    }),
    read: Effect.fnUntraced(function* ({ nativeId }) {
      calls.push(`Read ${nativeId}`)
      return { ...(yield* find(nativeId)) }
    }),
    delete: ({ nativeId }) =>
      Effect.sync(() => {
        calls.push(`Delete ${nativeId}`)
        pages.delete(nativeId)
        return Answer.deleted(nativeId)
      }),
    list: () =>
      Effect.sync(() => {
        calls.push("List")
        return { nativeIds: [...pages.keys()].map((name) => NativeId.make(name)) }
      }),
    recover: ({ properties: { Name } }) =>
      Effect.sync(() => {
        calls.push(`Recover ${Name}`)
        const page = pages.get(Name)
        return page === undefined ? Recovered.notStarted : Recovered.done({ nativeId: Name, properties: { ...page } })
      }),
  })
  return { calls, pages, plugin: definePlugin({ name: "book", namespace: "Book", version: "1.0.0", types: [type] }) }
}

export const formaOf = (...names: ReadonlyArray<string>): Forma => ({
  name: "book",
  targets: { here: { namespace: Namespace.make("Book") } },
  resources: names.map((name) => ({
    label: name,
    type: ResourceType.make("Book::Text::Page"),
    target: "here",
    properties: { Name: name, Text: "" },
  })),
})

/** Applies a page of each of these names, while time passes. */
export const apply = (...names: ReadonlyArray<string>) =>
  Effect.flatMap(Agent, (agent) => withPassingTime(agent.apply(formaOf(...names))))

/** Restarts after a second, each time: no operation is set aside, and no plugin quarantined. */
const patient = {
  delays: Schedule.spaced("1 second"),
  intensity: { restarts: 1_000, withinMillis: 60_000 },
  healthyPeriod: Duration.zero,
}

/** The coordinator of a plugin in fake processes, with its spawner. */
export const layerCoordinator = (plugin: FakePlugin) =>
  Layer.provideMerge(PluginCoordinator.layerNoDeps({ policy: () => patient }), layerFakePlugins([plugin]))

/** An agent over it, on a store of its own. */
export const layerAgent = (plugin: FakePlugin) =>
  Layer.provideMerge(Layer.provide(Agent.layer, layerTestStore), layerCoordinator(plugin))
