import { assert, describe, it } from "@effect/vitest"
import { Agent, PluginCoordinator } from "formae/agent"
import {
  beforeCall,
  fakePlugin,
  type FakeProcess,
  FakeSpawner,
  nthCall,
  stall,
  withFaults,
  withPassingTime,
} from "formae/testing"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { apply, formaOf, layerAgent, makePages } from "./pages.ts"

const untilStalled = (process: FakeProcess) =>
  Effect.repeat(Effect.delay(process.isStalled, "100 millis"), { until: (stalled) => stalled })

describe("a plugin that stalls at a call", () => {
  it.effect("is killed after 30 seconds of silence, and the next launch creates the resource", () => {
    const { calls, plugin } = makePages()
    const stalling = withFaults(plugin, beforeCall(nthCall("Create", 1), stall))
    return Effect.gen(function* () {
      const { events } = yield* PluginCoordinator
      const seen = yield* events.pipe(
        Stream.filter(({ _tag }) => ["Suspect", "Stalled", "Crashed"].includes(_tag)),
        Stream.toQueue({ capacity: "unbounded" }),
      )
      const { resources, status } = yield* apply("a")
      assert.strictEqual(status, "succeeded")
      assert.include(resources[0]?.crashes[0]?.message, "did not answer for 30000 ms and was killed")
      assert.deepEqual(
        (yield* Queue.clear(seen)).map(({ _tag }) => _tag),
        ["Suspect", "Stalled", "Crashed"],
      )
      assert.deepEqual(calls, ["Recover a", "Create a", "Status a"])
    }).pipe(Effect.provide(layerAgent(fakePlugin(stalling))))
  })

  it.effect("does not call the handlers of calls that arrived with that one", () => {
    const { calls, plugin } = makePages()
    const stalling = withFaults(plugin, beforeCall(nthCall("Create", 1), stall))
    return Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const agent = yield* Agent
      yield* Effect.forkChild(agent.apply(formaOf("a", "b", "c")))
      const process = yield* Queue.take(spawns)
      yield* untilStalled(process)
      yield* Effect.sleep("10 seconds")
      assert.deepEqual(calls, [])
    }).pipe(Effect.provide(layerAgent(fakePlugin(stalling))), withPassingTime)
  })

  it.effect("calls no handler and fires no timer from then on, and nothing but SIGKILL ends it", () => {
    const { calls, plugin } = makePages()
    const faulty = withFaults(
      plugin,
      beforeCall(nthCall("Status", 1), stall),
      // Is waiting when the process stalls.
      beforeCall(({ kind, label }) => kind === "Create" && label === "b", Effect.sleep("1 second")),
    )
    return Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const agent = yield* Agent
      yield* Effect.forkChild(agent.apply(formaOf("a", "b")))
      const process = yield* Queue.take(spawns)
      yield* untilStalled(process)
      yield* Effect.sleep("10 seconds")
      assert.deepEqual(calls, ["Create a"])
      for (const signal of ["SIGTERM", "SIGINT"] as const) yield* process.signal(signal)
      assert.isTrue(yield* process.isRunning)
      yield* process.signal("SIGKILL")
      assert.deepEqual(yield* process.ended, { code: null, signal: "SIGKILL" })
    }).pipe(Effect.provide(layerAgent(fakePlugin(faulty))), withPassingTime)
  })
})
