import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent, PluginCoordinator } from "formae/agent"
import { inProcess } from "formae/plugin"
import { beforeCall, firstCalls, layerTestStore, refuse, withFaults } from "formae/testing"
import { apply, shop } from "./shop.ts"

const throttled = withFaults(shop, beforeCall(firstCalls("Create", 3), refuse("Throttling")))
const layerPlugins = PluginCoordinator.layerInProcess([inProcess(throttled)])

it.effect("a create that is throttled three times succeeds at the fourth", () =>
  Effect.gen(function* () {
    const { resources } = yield* apply
    assert.deepInclude(resources[0], { status: "succeeded", attempts: 4 })
  }).pipe(Effect.provide(Layer.provide(Agent.layer, [layerPlugins, layerTestStore]))),
)
