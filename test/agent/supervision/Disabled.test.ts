import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { exitsAtOnce, neverAnswers, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { awaitStarted, create, unobserved } from "../../operator/operations.ts"
import { elapse, makeSupervised, tagsOf, untilIdle } from "./supervised.ts"

const by = "plugin.suite.enabled in formae.config.yaml:12"
const refusal = `The plugin suite, which serves the namespace Suite, is disabled by ${by}. To use it, enable it there`

describe("a plugin that is disabled", () => {
  it.effect("is not started, and a call to it is told where that is said", () =>
    Effect.gen(function* () {
      const { coordinator, operator, spawns } = yield* makeSupervised({ disabled: () => by, startWith: ["Suite"] })
      yield* untilIdle
      assert.strictEqual((yield* Effect.flip(operator())).message, refusal)
      assert.deepInclude(yield* Effect.flip(coordinator.capabilities("Suite")), { _tag: "PluginDisabled", by })
      const [status] = yield* coordinator.status
      assert.deepEqual(status?.state, { _tag: "Disabled", by })
      assert.strictEqual(yield* Queue.size(spawns), 0)
      assert.isTrue(yield* coordinator.enable("suite"))
      assert.isFalse(yield* coordinator.enable("suite"))
      assert.isFalse(yield* coordinator.enable("nobody"))
      yield* operator()
    }),
  )

  it.effect("while it runs lets its calls end, takes nothing more, and is gone", () =>
    Effect.gen(function* () {
      const { coordinator, eventsSoFar, nextReady, operator } = yield* makeSupervised()
      const found = yield* operator()
      const process = yield* nextReady
      const slow = yield* Effect.forkChild(found.perform(create("Slow", { Name: "a" }), unobserved))
      yield* awaitStarted(found, "a")
      const asking = yield* Effect.forkChild(coordinator.disable("suite", by), { startImmediately: true })
      yield* untilIdle
      assert.strictEqual((yield* Effect.flip(operator())).message, refusal)
      const refused = yield* Effect.flip(found.perform(create("Now", { Name: "a" }), unobserved))
      assert.deepInclude(refused, { _tag: "ConnectionLost", sent: false, message: refusal })
      assert.isTrue(yield* process.isRunning)
      // It goes on if who has asked for it goes away.
      yield* Fiber.interrupt(asking)
      yield* Fiber.interrupt(slow)
      assert.deepEqual(yield* process.ended, { code: 0, signal: null })
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Draining", "Stopped", "Disabled"])
      yield* coordinator.enable("suite")
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Enabled"])
      assert.strictEqual((yield* found.perform(create("Now", { Name: "a" }), unobserved)).status, "Succeeded")
    }),
  )

  it.effect("stays so if it crashes before it is gone, and is not restarted", () =>
    Effect.gen(function* () {
      const { coordinator, eventsSoFar, nextReady, operator, spawns } = yield* makeSupervised()
      const found = yield* operator()
      const process = yield* nextReady
      yield* Effect.forkChild(Effect.exit(found.perform(create("Slow", { Name: "a" }), unobserved)))
      yield* awaitStarted(found, "a")
      const asking = yield* Effect.forkChild(coordinator.disable("suite", by), { startImmediately: true })
      yield* untilIdle
      yield* process.exit(1)
      yield* untilIdle
      const [status] = yield* coordinator.status
      assert.deepEqual(status?.state, { _tag: "Disabled", by })
      yield* Fiber.join(asking)
      yield* elapse("1 minute")
      assert.strictEqual(yield* Queue.size(spawns), 0)
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Draining", "Crashed", "Disabled"])
    }),
  )

  it.effect("while it starts fails those who wait, and its process is gone", () =>
    Effect.gen(function* () {
      const { coordinator, operator, spawns } = yield* makeSupervised({ programOf: () => neverAnswers })
      const wanted = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
      const process = yield* Queue.take(spawns)
      const asking = yield* Effect.forkChild(coordinator.disable("suite", by), { startImmediately: true })
      assert.strictEqual((yield* Fiber.join(wanted)).message, refusal)
      yield* elapse("10 seconds")
      yield* Fiber.join(asking)
      assert.isFalse(yield* process.isRunning)
      yield* elapse("1 hour")
      assert.strictEqual(yield* Queue.size(spawns), 0)
    }),
  )

  it.effect("while it waits for its restart is not restarted", () =>
    Effect.gen(function* () {
      const { coordinator, eventsUntil, nextReady, operator, spawns } = yield* makeSupervised()
      yield* operator()
      yield* Effect.flatMap(nextReady, (process) => process.exit(1))
      yield* Effect.flatMap(nextReady, (process) => process.exit(1))
      yield* eventsUntil("RestartingIn")
      yield* coordinator.disable("suite", by)
      yield* elapse("1 hour")
      assert.strictEqual(yield* Queue.size(spawns), 0)
      assert.strictEqual((yield* Effect.flip(operator())).message, refusal)
    }),
  )

  it.effect("is enabled again only when it has been stopped: there are never two of it", () =>
    Effect.gen(function* () {
      // Stays for a second after its stdin has ended.
      const { coordinator, nextReady, operator, spawns } = yield* makeSupervised({
        programOf: () => (process) =>
          Effect.andThen(serves(plugin)(process), Effect.delay(Effect.succeed(0), "1 second")),
      })
      yield* operator()
      yield* nextReady
      yield* Effect.forkChild(coordinator.disable("suite", by), { startImmediately: true })
      yield* untilIdle
      const enabling = yield* Effect.forkChild(Effect.andThen(coordinator.enable("suite"), operator()))
      yield* elapse("999 millis")
      assert.strictEqual(yield* Queue.size(spawns), 0)
      yield* elapse("1 millis")
      yield* Fiber.join(enabling)
      assert.strictEqual(yield* Queue.size(spawns), 1)
    }),
  )

  it.effect("stays in its quarantine", () =>
    Effect.gen(function* () {
      const { coordinator, operator } = yield* makeSupervised({
        programOf: () => exitsAtOnce(1),
        policy: null,
      })
      yield* Effect.replicateEffect(Effect.flip(operator()), 6)
      assert.strictEqual((yield* Effect.flip(operator()))._tag, "PluginQuarantined")
      yield* coordinator.disable("suite", by)
      assert.strictEqual((yield* Effect.flip(operator()))._tag, "PluginDisabled")
      yield* coordinator.enable("suite")
      assert.strictEqual((yield* Effect.flip(operator()))._tag, "PluginQuarantined")
    }),
  )
})
