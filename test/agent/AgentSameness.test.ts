import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Agent } from "../../src/agent/Agent.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property, ProviderError } from "../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../src/protocol/Identity.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import type { PatchOperation, Properties } from "../../src/protocol/Resource.ts"

/** A provider that keeps ports without the words around them, and the plugin that knows it. */
const makeProvider = () => {
  const things = new Map<string, Properties>()
  const patches: Array<ReadonlyArray<PatchOperation>> = []
  const portOf = (text: string) => text.replace(/^port /, "")
  const stored = (given: Properties): Properties =>
    typeof given["Port"] === "string" ? { ...given, Port: portOf(given["Port"]) } : given
  const properties = Schema.Struct({
    Name: Property.createOnly(Schema.String),
    Port: Schema.String,
    Size: Schema.optionalKey(Schema.Int),
    Variables: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  })
  const asked: Array<ReadonlyArray<string>> = []
  const plugin = definePlugin({
    name: "things",
    namespace: "Suite",
    version: "1.0.0",
    types: [
      defineResource({
        type: "Suite::Of::Port",
        idempotency: "name",
        properties,
        target: Schema.Struct({}),
        canonical: (given) => {
          asked.push(Object.keys(given))
          if (given["Port"] === "port broken") throw new Error("cannot be read")
          return stored(given)
        },
        create: ({ properties: given }) =>
          Effect.sync(() => {
            things.set(given.Name, stored(given))
            return Answer.succeeded({ nativeId: given.Name, properties: stored(given) })
          }),
        read: ({ nativeId }) => {
          const found = things.get(nativeId)
          return found === undefined
            ? Effect.fail(ProviderError.of("NotFound", "there is none"))
            : Effect.succeed(found)
        },
        update: ({ desired, nativeId, patch }) =>
          Effect.sync(() => {
            patches.push(patch)
            things.set(nativeId, stored(desired))
            return Answer.succeeded({ nativeId, properties: stored(desired) })
          }),
        delete: ({ nativeId }) => Effect.sync(() => (things.delete(nativeId), Answer.deleted(nativeId))),
      }),
    ],
  })
  return { things, patches, asked, plugin: inProcess(plugin) }
}

const formaOf = (properties: Properties): Forma => ({
  name: "suite",
  targets: { here: { namespace: Namespace.make("Suite"), config: {} } },
  resources: [{ label: "it", type: ResourceType.make("Suite::Of::Port"), target: "here", properties }],
})

const told = ({ resources }: CommandResult) =>
  resources.map(({ changed, error, forcedBy = [], operation, seenOutside = [] }) =>
    [
      operation,
      ...changed,
      ...forcedBy.map((path) => `forced by ${path}`),
      ...seenOutside.map((path) => `seen ${path}`),
      ...(error === null ? [] : [error.code]),
    ].join(" "),
  )

const withAgent = <A, E>(plugin: InProcessPlugin, run: Effect.Effect<A, E, Agent | SqlClient.SqlClient>) =>
  run.pipe(
    Effect.provide(
      Agent.layer.pipe(
        Layer.provideMerge(Store.layerMemory),
        Layer.provide(PluginCoordinator.layerInProcess([plugin])),
      ),
    ),
  )

/** An older version knows neither the paths nor the checksum of a row. */
const asAnOlderVersionWroteIt = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`UPDATE resources SET exact_paths = NULL, checksum = NULL`,
)

const apply = (properties: Properties) =>
  Effect.flatMap(Agent, (agent) => Effect.map(agent.apply(formaOf(properties)), told))
const plan = (properties: Properties) =>
  Effect.flatMap(Agent, (agent) => Effect.map(agent.plan(formaOf(properties)), told))

const wanted = { Name: "a", Port: "port 80", Variables: { A: "1" } }

describe("an agent and a plugin that gives canonical forms", () => {
  it.effect("see no difference where the forms are the same, and send what differs alone", () => {
    const { patches, plugin } = makeProvider()
    return withAgent(
      plugin,
      Effect.gen(function* () {
        assert.deepEqual(yield* apply(wanted), ["create"])
        assert.deepEqual(yield* plan(wanted), ["noop"])
        assert.deepEqual(yield* apply({ ...wanted, Port: "80" }), ["noop"])
        assert.deepEqual(yield* apply({ ...wanted, Size: 2 }), ["update Size"])
        assert.deepEqual(patches, [[{ op: "add", path: "/Size", value: 2 }]])
        assert.deepEqual(yield* plan({ ...wanted, Name: "b" }), ["replace Name forced by /Name"])
      }),
    )
  })

  it.effect("touch nothing where the plugin cannot give a form", () => {
    const { plugin } = makeProvider()
    return withAgent(
      plugin,
      Effect.gen(function* () {
        yield* apply(wanted)
        assert.deepEqual(yield* plan({ ...wanted, Port: "port broken" }), ["noop ProtocolError"])
      }),
    )
  })
})

describe("a key that was added elsewhere to a map with free keys", () => {
  it.effect("is taken out again", () => {
    const { patches, plugin, things } = makeProvider()
    return withAgent(
      plugin,
      Effect.gen(function* () {
        yield* apply(wanted)
        things.set("a", { ...things.get("a"), Variables: { A: "1", B: "2" } })
        assert.deepEqual(yield* plan(wanted), ["update Variables"])
        assert.deepEqual(yield* apply(wanted), ["update Variables"])
        // Where the plugin gives the form, it is not known what inside a property is what.
        assert.deepEqual(patches, [[{ op: "replace", path: "/Variables", value: { A: "1" } }]])
        assert.deepEqual(things.get("a")?.["Variables"], { A: "1" })
      }),
    )
  })

  it.effect("is shown and left alone when it is looked for the first time, and taken out by a later apply", () => {
    const { patches, plugin, things } = makeProvider()
    return withAgent(
      plugin,
      Effect.gen(function* () {
        yield* apply(wanted)
        yield* asAnOlderVersionWroteIt
        things.set("a", { ...things.get("a"), Variables: { A: "1", B: "2" } })
        assert.deepEqual(yield* plan(wanted), ["noop seen /Variables/B"])
        assert.deepEqual(yield* plan(wanted), ["noop seen /Variables/B"])
        assert.deepEqual(yield* apply(wanted), ["noop seen /Variables/B"])
        assert.deepEqual(patches, [])
        assert.deepEqual(yield* plan(wanted), ["update Variables"])
      }),
    )
  })

  it.effect("is left alone during the first update of something else", () => {
    const { patches, plugin, things } = makeProvider()
    return withAgent(
      plugin,
      Effect.gen(function* () {
        yield* apply(wanted)
        yield* asAnOlderVersionWroteIt
        things.set("a", { ...things.get("a"), Variables: { A: "1", B: "2" } })
        assert.deepEqual(yield* apply({ ...wanted, Size: 3 }), ["update Size seen /Variables/B"])
        assert.deepEqual(patches, [[{ op: "add", path: "/Size", value: 3 }]])
      }),
    )
  })

  it.effect("is no difference for a plugin that does not announce paths", () => {
    const { asked, plugin, things } = makeProvider()
    const { features: _, ...older } = plugin
    return withAgent(
      older,
      Effect.gen(function* () {
        yield* apply({ ...wanted, Port: "80" })
        things.set("a", { ...things.get("a"), Variables: { A: "1", B: "2" } })
        assert.deepEqual(yield* plan({ ...wanted, Port: "80" }), ["noop"])
        assert.deepEqual(yield* plan({ ...wanted, Port: "port 80" }), ["update Port"])
        assert.deepEqual(asked, [])
      }),
    )
  })
})
