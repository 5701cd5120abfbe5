import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PluginCoordinator } from "formae/agent"
import { fakePlugin, layerFakePlugins, serves, startingAfter, withPassingTime } from "formae/testing"
import { shop } from "./shop.ts"

const slowAtFirst = fakePlugin(shop, ({ number }) =>
  startingAfter(number === 1 ? "11 seconds" : "9 seconds", serves(shop)),
)
const layer = Layer.provide(PluginCoordinator.layerNoDeps(), layerFakePlugins([slowAtFirst]))

it.effect("a plugin has ten seconds to start, and the next caller has it started again", () =>
  Effect.gen(function* () {
    const { capabilities } = yield* PluginCoordinator
    const error = yield* withPassingTime(Effect.flip(capabilities("Shop")))
    assert.include(error.message, "did not answer the handshake within 10s")
    const types = yield* withPassingTime(capabilities("Shop"))
    assert.deepEqual([...types.keys()].map(String), ["Shop::Store::Shelf"])
  }).pipe(Effect.provide(layer)),
)
