import { assert, describe, it } from "@effect/vitest"
import { agentVersion, PluginCoordinator } from "formae/agent"
import { exitsAtOnce, fakePlugin, FakeSpawner, serves, startingAfter, withPassingTime } from "formae/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as SemVer from "effect/SemVer"
import * as TestClock from "effect/testing/TestClock"
import { untilIdle } from "../agent/supervision/supervised.ts"
import { layerCoordinator, makePages } from "./pages.ts"

const plugin = { ...makePages().plugin, version: "1.2.3" }

const start = Effect.flatMap(PluginCoordinator, ({ capabilities }) => capabilities("Book"))

describe("a plugin that starts slowly", () => {
  it.effect("serves when its time has come, and not before", () =>
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const starting = yield* Effect.forkChild(start)
      yield* Queue.take(spawns)
      yield* TestClock.adjust("3999 millis")
      yield* untilIdle
      assert.isUndefined(starting.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(starting)).size, 1)
    }).pipe(Effect.provide(layerCoordinator(fakePlugin(plugin, () => startingAfter("4 seconds", serves(plugin)))))),
  )

  it.effect("has failed to start where the agent does not wait for so long", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(start)
      assert.strictEqual(error._tag, "PluginStartFailed")
      assert.include(error.message, "did not answer the handshake within 10s")
    }).pipe(
      Effect.provide(layerCoordinator(fakePlugin(plugin, () => startingAfter("11 seconds", serves(plugin))))),
      withPassingTime,
    ),
  )
})

describe("a fake plugin", () => {
  it.effect("has the name, the namespace and the version of the plugin, and may run another program each time", () =>
    Effect.gen(function* () {
      const { status } = yield* PluginCoordinator
      assert.strictEqual((yield* Effect.flip(start))._tag, "PluginStartFailed")
      assert.strictEqual((yield* start).size, 1)
      const [found] = yield* status
      assert.strictEqual(found?.entry.manifest.name, "book")
      assert.strictEqual(SemVer.format(found?.entry.manifest.version ?? agentVersion), "1.2.3")
      assert.strictEqual(found?.state._tag, "Ready")
    }).pipe(
      Effect.provide(
        layerCoordinator(fakePlugin(plugin, ({ number }) => (number === 1 ? exitsAtOnce(1) : serves(plugin)))),
      ),
      withPassingTime,
    ),
  )
})
