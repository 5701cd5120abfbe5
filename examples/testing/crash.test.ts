import { assert, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { Agent, PluginCoordinator } from "formae/agent"
import { beforeCall, crash, fakePlugin, firstCalls, layerFakePlugins, layerTestStore, withFaults } from "formae/testing"
import { apply, shop } from "./shop.ts"

const crashing = withFaults(shop, beforeCall(firstCalls("Create", 3), crash("SIGSEGV")))
const intensity = { restarts: 5, withinMillis: 60_000 }
// Every launch counts as healthy. Otherwise a create that crashes its plugin twice in a row is set aside.
const policy = { delays: Schedule.spaced("1 second"), intensity, healthyPeriod: Duration.zero }
const layer = Agent.layer.pipe(
  Layer.provide([PluginCoordinator.layerNoDeps({ policy: () => policy }), layerTestStore]),
  Layer.provide(layerFakePlugins([fakePlugin(crashing)])),
)

it.effect("a create whose plugin crashes three times succeeds in the fourth launch", () =>
  Effect.gen(function* () {
    const { resources } = yield* apply
    assert.deepInclude(resources[0], { status: "succeeded", attempts: 4, durationMillis: 3_000 })
  }).pipe(Effect.provide(layer)),
)
