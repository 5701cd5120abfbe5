import { assert, describe, it } from "@effect/vitest"
import { inProcess } from "formae/plugin"
import {
  afterCall,
  beforeCall,
  crash,
  fakePlugin,
  FakeSpawner,
  firstCalls,
  layerTestStore,
  nthCall,
  withFaults,
} from "formae/testing"
import { Agent, PluginCoordinator } from "formae/agent"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import { apply, layerAgent, makePages } from "./pages.ts"

/** How the processes ended, all but the last, which runs. */
const endings = Effect.gen(function* () {
  const { spawns } = yield* FakeSpawner
  const processes = yield* Queue.clear(spawns)
  return yield* Effect.forEach(processes.slice(0, -1), ({ ended }) => ended)
})

const endedBy = (signal: "SIGKILL" | "SIGSEGV") => ({ code: null, signal })

describe("a plugin that crashes before a call", () => {
  it.effect("has not asked the provider: after three crashes in mid-create, the fourth create succeeds", () => {
    const { calls, plugin } = makePages()
    const crashing = withFaults(plugin, beforeCall(firstCalls("Create", 3), crash("SIGSEGV")))
    return Effect.gen(function* () {
      const { resources, status } = yield* apply("a")
      assert.strictEqual(status, "succeeded")
      assert.strictEqual(resources[0]?.attempts, 4)
      assert.lengthOf(resources[0]?.crashes ?? [], 3)
      assert.deepEqual(calls, ["Recover a", "Recover a", "Recover a", "Create a", "Status a"])
      assert.deepEqual(yield* endings, [endedBy("SIGSEGV"), endedBy("SIGSEGV"), endedBy("SIGSEGV")])
    }).pipe(Effect.provide(layerAgent(fakePlugin(crashing))))
  })

  it.effect("exits with the code that is given, and by SIGKILL if none is", () => {
    const { plugin } = makePages()
    const crashing = withFaults(
      plugin,
      beforeCall(nthCall("Create", 1), crash(9)),
      beforeCall(nthCall("Status", 1), crash()),
    )
    return Effect.gen(function* () {
      assert.strictEqual((yield* apply("a")).status, "succeeded")
      assert.deepEqual(yield* endings, [{ code: 9, signal: null }, endedBy("SIGKILL")])
    }).pipe(Effect.provide(layerAgent(fakePlugin(crashing))))
  })
})

describe("a plugin that crashes after a call", () => {
  it.effect("has done its work, and nobody has heard of it", () => {
    const { calls, plugin } = makePages()
    const crashing = withFaults(plugin, afterCall(nthCall("Create", 1), crash()))
    return Effect.gen(function* () {
      assert.strictEqual((yield* apply("a")).status, "succeeded")
      assert.deepEqual(calls, ["Create a", "Recover a"])
      assert.deepEqual(yield* endings, [endedBy("SIGKILL")])
    }).pipe(Effect.provide(layerAgent(fakePlugin(crashing))))
  })
})

describe("a crash outside of a fake process", () => {
  it.effect("is a mistake in the test, which the failure of the operation names", () => {
    const linked = inProcess(withFaults(makePages().plugin, beforeCall(nthCall("Create", 1), crash())))
    return Effect.gen(function* () {
      const { resources } = yield* apply("a")
      assert.strictEqual(resources[0]?.error?.code, "UnforeseenError")
      assert.include(resources[0]?.error?.message, "crash can only be used in a plugin that runs in a fake process")
    }).pipe(
      Effect.provide(Agent.layer.pipe(Layer.provide([PluginCoordinator.layerInProcess([linked]), layerTestStore]))),
    )
  })
})
