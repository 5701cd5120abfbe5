import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Agent, PluginCoordinator } from "formae/agent"
import { fakePlugin, layerFakePlugins, makeTestStore, makeReaper, withPassingTime } from "formae/testing"
import { apply, shop } from "./shop.ts"

it.effect("an agent may die at any step: the next one on its store finishes the apply", () =>
  Effect.gen(function* () {
    for (let step = 1, hasDied = true; hasDied; step++) {
      const reaper = makeReaper(step)
      const layerStore = yield* makeTestStore
      const layer = PluginCoordinator.layerNoDeps().pipe(
        Layer.provide(layerFakePlugins([fakePlugin(shop, () => reaper.serves(shop))])),
        Layer.merge(layerStore),
      )
      const first = reaper.run(Effect.provide(apply, Layer.provide(reaper.layerAgent, layer)))
      hasDied = Option.isNone(yield* withPassingTime(first))
      const { status } = yield* Effect.provide(apply, Layer.provide(Agent.layer, layer))
      assert.strictEqual(status, "succeeded")
    }
  }),
)
