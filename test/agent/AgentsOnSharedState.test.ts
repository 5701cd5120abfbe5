import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { Agent } from "../../src/agent/Agent.ts"
import { ResourceUpdater } from "../../src/agent/apply/ResourceUpdater.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { makeTestStore } from "../../src/testing/TestStore.ts"
import { layerRunner } from "./records/cluster/runners.ts"
import { outcomes } from "./shop.ts"
import { documentOf, makeThings } from "./things.ts"

/** Two agents on one state, each with the plugin. */
const makeAgents = Effect.fnUntraced(function* (plugin: InProcessPlugin) {
  const store = yield* makeTestStore
  const agent = (name: string) =>
    Agent.layerNoDeps.pipe(
      Layer.provide(ResourceUpdater.layerNoDeps),
      Layer.provide([layerRunner(name, store), PluginCoordinator.layerInProcess([plugin]), store]),
      Layer.fresh,
      Layer.build,
      Effect.map(Context.get(Agent)),
    )
  return { one: yield* agent("agent-1@here"), other: yield* agent("agent-2@there") }
})

describe("agents that share a state", () => {
  it.effect("run commands on two documents side by side, and none says that the other one is unfinished", () =>
    Effect.gen(function* () {
      const { begins, calls, letGo, plugin } = makeThings()
      const { one, other } = yield* makeAgents(plugin)
      const first = yield* Effect.forkChild(one.apply(documentOf("a", "one")))
      yield* begins("a")
      yield* letGo("b")
      const second = yield* other.apply(documentOf("b", "two"))
      const listed = yield* other.commands()
      const before = [...calls]
      yield* letGo("a")
      assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
      assert.deepEqual(outcomes(second), ["b create"])
      assert.isUndefined(second.note)
      assert.deepEqual(before, ["a begins", "b begins", "b ends"])
      assert.sameDeepMembers(
        listed.commands.map(({ forma, status }) => [forma, status]),
        [
          ["b", "succeeded"],
          ["a", "running"],
        ],
      )
    }),
  )

  it.effect("take turns where both would create the same name", () =>
    Effect.gen(function* () {
      const { begins, calls, letGo, plugin } = makeThings()
      const { one, other } = yield* makeAgents(plugin)
      const first = yield* Effect.forkChild(one.apply(documentOf("a", "one")))
      yield* begins("a")
      const second = yield* Effect.forkChild(other.apply(documentOf("b", "one")))
      yield* letGo("b")
      yield* TestClock.adjust("10 seconds")
      assert.deepEqual(calls, ["a begins"])
      yield* letGo("a")
      assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(second)
      assert.deepEqual(calls, ["a begins", "a ends", "b begins", "b ends"])
    }),
  )
})
