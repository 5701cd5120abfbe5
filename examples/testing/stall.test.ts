import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, PluginCoordinator } from "formae/agent"
import { beforeCall, fakePlugin, layerFakePlugins, layerTestStore, nthCall, stall, withFaults } from "formae/testing"
import { apply, shop } from "./shop.ts"

const stalling = withFaults(shop, beforeCall(nthCall("Create", 1), stall))
const layer = Agent.layer.pipe(
  Layer.provide([PluginCoordinator.layerNoDeps(), layerTestStore]),
  Layer.provide(layerFakePlugins([fakePlugin(stalling)])),
)

it.effect("a plugin that stalls in a create is killed after 30 seconds, and the next launch creates the shelf", () =>
  Effect.gen(function* () {
    const { resources } = yield* apply
    assert.strictEqual(resources[0]?.status, "succeeded")
    assert.include(resources[0]?.crashes[0]?.message, "did not answer for 30000 ms and was killed")
  }).pipe(Effect.provide(layer)),
)
