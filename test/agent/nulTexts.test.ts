/** A NUL in what a document and a provider say: a provider may take it, and a column of Postgres does not. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Agent } from "../../src/agent/Agent.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property } from "../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../src/protocol/Identity.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { layerChosenStore } from "./chosenStore.ts"

const type = ResourceType.make("Suite::Of::Text")

/** A provider that has one thing, and takes any text. */
const makeProvider = () => {
  const present = { Name: "", Labels: {} as Readonly<Record<string, string>> }
  const Text = defineResource({
    type,
    idempotency: "name",
    target: Schema.Struct({}),
    properties: Schema.Struct({
      Name: Property.createOnly(Schema.String),
      Labels: Schema.Record(Schema.String, Schema.String),
    }),
    create: ({ properties }) =>
      Effect.sync(() => Answer.succeeded({ nativeId: "it", properties: Object.assign(present, properties) })),
    read: () => Effect.succeed({ ...present }),
    update: ({ desired }) =>
      Effect.sync(() => Answer.succeeded({ nativeId: "it", properties: Object.assign(present, desired) })),
    delete: () => Effect.never,
  })
  const plugin = inProcess(definePlugin({ name: "suite", namespace: "Suite", version: "1.0.0", types: [Text] }))
  return { present, plugin }
}

describe("a NUL in a key and in a value", () => {
  it.effect("is kept, compared and set back as any other character, and its drift is in the history", () => {
    const { plugin, present } = makeProvider()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const properties = { Name: "na\0me", Labels: { "a\0b": "1\0" } }
      const apply = withPassingTime(
        agent.apply({
          name: "texts",
          targets: { here: { namespace: Namespace.make("Suite"), config: {} } },
          resources: [{ label: "it", type, target: "here", properties }],
        }),
      )
      const operation = Effect.map(apply, ({ resources }) => resources[0]?.operation)
      const drifts = Effect.map(agent.show({ label: "it" }), (shown) => shown.drifts)
      assert.strictEqual(yield* operation, "create")
      present.Labels = { "a\0b": "2\0" }
      const [found] = (yield* agent.sync()).resources
      assert.deepInclude(found?.drift?.places[0], { path: "/Labels/a\0b", wanted: "1\0", found: "2\0" })
      // What is open already is not open twice.
      yield* agent.sync()
      assert.deepEqual(
        (yield* drifts).map(({ endedBy, path }) => [path, endedBy]),
        [["/Labels/a\u2400b", null]],
      )
      assert.strictEqual(yield* operation, "update")
      assert.strictEqual(yield* operation, "noop")
      assert.deepEqual(present, properties)
      assert.deepEqual(
        (yield* drifts).map(({ endedBy }) => endedBy),
        ["apply"],
      )
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(
          Layer.provide(PluginCoordinator.layerInProcess([plugin])),
          Layer.provideMerge(layerChosenStore),
        ),
      ),
    )
  })
})
