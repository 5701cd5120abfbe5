import { assert, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Agent, defaultSupervisionSettings, PluginCoordinator, Store } from "formae/agent"
import { Answer, definePlugin, defineResource } from "formae/plugin"
import { Namespace, ResourceType } from "formae/protocol"
import { type FakeProgram, layerFakePlugins, serves } from "formae/testing"

/** Serves a plugin in one process. The first three processes crash in the middle of a create. */
const servesShop: FakeProgram = (process) => {
  const crash = Effect.andThen(process.exit(9), Effect.never)
  const shelf = defineResource({
    type: "Shop::Floor::Shelf",
    idempotency: "name",
    target: Schema.Struct({}),
    properties: Schema.Struct({ Name: Schema.String }),
    create: ({ properties }) =>
      process.spawn.number <= 3
        ? crash
        : Effect.succeed(Answer.succeeded({ nativeId: properties.Name, properties: { ...properties } })),
    read: ({ nativeId }) => Effect.succeed({ Name: nativeId }),
    delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
  })
  return serves(definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [shelf] }))(process)
}

const { limits, ...supervision } = defaultSupervisionSettings
const plugins = [{ name: "shop", namespace: "Shop", programOf: () => servesShop }]

const coordinator = PluginCoordinator.layerNoDeps({
  // By default an operation is set aside after two crashes in a row.
  supervision: () => ({ ...supervision, limits: { ...limits, operationCrashes: 4 } }),
  policy: () => ({
    delays: Schedule.spaced("10 seconds"),
    intensity: { restarts: 3, withinMillis: 60_000 },
    healthyPeriod: Duration.minutes(1),
  }),
}).pipe(Layer.provide(layerFakePlugins(plugins)))

const layer = Agent.layer.pipe(Layer.provide(Store.layerMemory), Layer.provideMerge(coordinator))

const forma = {
  name: "shop",
  targets: { here: { namespace: Namespace.make("Shop") } },
  resources: [
    { label: "shelf", type: ResourceType.make("Shop::Floor::Shelf"), target: "here", properties: { Name: "top" } },
  ],
}

it.effect("a create whose plugin crashes three times succeeds with the fourth process, after 30 seconds", () =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const { events } = yield* PluginCoordinator
    const restarts = yield* events.pipe(
      Stream.filter((event) => event._tag === "RestartingIn"),
      Stream.toQueue({ capacity: "unbounded" }),
    )
    const applying = yield* Effect.forkChild(agent.apply(forma))
    for (let crashes = 1; crashes <= 3; crashes++) {
      yield* Queue.take(restarts)
      yield* TestClock.adjust("10 seconds")
    }
    const { resources, status } = yield* Fiber.join(applying)
    assert.strictEqual(status, "succeeded")
    assert.deepInclude(resources[0], { operation: "create", nativeId: "top", durationMillis: 30_000 })
    assert.lengthOf(resources[0]?.crashes ?? [], 3)
  }).pipe(Effect.provide(layer)),
)
