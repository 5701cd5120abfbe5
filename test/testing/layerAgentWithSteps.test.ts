import { assert, describe, it } from "@effect/vitest"
import { PluginCoordinator } from "formae/agent"
import { inProcess } from "formae/plugin"
import { layerAgentWithSteps, layerTestStore } from "formae/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { apply, makePages } from "./pages.ts"

const applyWith = Effect.fnUntraced(function* (onStep: (name: string) => Effect.Effect<void>) {
  const before = yield* Clock.currentTimeMillis
  const plugins = PluginCoordinator.layerInProcess([inProcess(makePages().plugin)])
  const { status } = yield* Effect.provide(
    apply("a"),
    layerAgentWithSteps(onStep).pipe(Layer.provide([plugins, layerTestStore])),
  )
  assert.strictEqual(status, "succeeded")
  return (yield* Clock.currentTimeMillis) - before
})

describe("an agent with steps", () => {
  it.effect("runs one before and one after each write, and the write waits for them", () =>
    Effect.gen(function* () {
      const steps: Array<string> = []
      const note = (name: string) => Effect.sync(() => void steps.push(name))
      const usual = yield* applyWith(note)
      assert.includeMembers(steps, ["put a, before", "put a, after"])
      assert.lengthOf(
        steps.filter((step) => step.endsWith(", before")),
        steps.length / 2,
      )
      const slow = yield* applyWith((name) => (name === "put a, before" ? Effect.sleep("1 minute") : Effect.void))
      assert.isBelow(usual, 60_000)
      assert.isAtLeast(slow, 60_000)
    }),
  )
})
