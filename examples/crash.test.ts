import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { PluginCoordinator } from "formae/agent"
import { definePlugin } from "formae/plugin"
import { FakeSpawner, layerFakePlugins, serves } from "formae/testing"

const plugin = definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [] })

const layer = PluginCoordinator.layerNoDeps().pipe(
  Layer.provideMerge(layerFakePlugins([{ name: "shop", namespace: "Shop", programOf: () => serves(plugin) }])),
)

it.effect("a plugin that crashes twice is restarted twice", () =>
  Effect.gen(function* () {
    const { spawns } = yield* FakeSpawner
    const coordinator = yield* PluginCoordinator
    const restarts = yield* coordinator.events.pipe(
      Stream.filter((event) => event._tag === "RestartingIn"),
      Stream.toQueue({ capacity: "unbounded" }),
    )
    yield* coordinator.capabilities("Shop")
    // The first restart is immediate, the second comes after about a fifth of a second.
    for (const delay of ["0 millis", "1 second"] as const) {
      const process = yield* Queue.take(spawns)
      yield* process.exit(9)
      // The restart is scheduled by now, so advancing the clock reaches it.
      yield* Queue.take(restarts)
      yield* TestClock.adjust(delay)
      yield* coordinator.capabilities("Shop")
    }
    assert.strictEqual((yield* Queue.take(spawns)).spawn.number, 3)
  }).pipe(Effect.provide(layer)),
)
