import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { idleDecision } from "../../../src/agent/supervision/IdleTime.ts"
import { serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { awaitStarted, create, unobserved } from "../../operator/operations.ts"
import { elapse, makeSupervised, type SupervisedOptions, tagsOf } from "./supervised.ts"

const serving = Effect.fnUntraced(function* (options: SupervisedOptions = {}) {
  const supervised = yield* makeSupervised({ idleMillis: 60_000, ...options })
  const found = yield* supervised.operator()
  const process = yield* supervised.nextReady
  const now = () => found.perform(create("Now", { Name: "a" }), unobserved)
  const state = Effect.map(supervised.coordinator.status, ([status]) => status!.state)
  return { ...supervised, found, process, now, state }
})

describe("what to do with a launch that may be idle", () => {
  it.each([
    [1_000, 1_000, { _tag: "Sleep", millis: 500 }],
    [1_000, 1_499, { _tag: "Sleep", millis: 1 }],
    [1_000, 1_500, { _tag: "StopIfIdle" }],
    [1_000, 9_000, { _tag: "StopIfIdle" }],
  ] as const)("last used at %j, now %j", (lastUse, now, decision) => {
    assert.deepEqual(idleDecision(lastUse, now, 500), decision)
  })
})

describe("a plugin that nobody uses", () => {
  it.effect("is stopped after its time, which is no failure, and started again by the next call", () =>
    Effect.gen(function* () {
      const { eventsSoFar, nextReady, now, process, state } = yield* serving()
      yield* elapse("59999 millis")
      assert.deepEqual(yield* eventsSoFar, [])
      yield* elapse("1 millis")
      assert.deepEqual(yield* process.ended, { code: 0, signal: null })
      assert.deepEqual(yield* eventsSoFar, [{ _tag: "IdleStopped", plugin: "suite", generation: 1 }])
      assert.deepEqual(yield* state, { _tag: "Idle", generation: 1 })
      yield* elapse("1 hour")
      assert.deepEqual(yield* eventsSoFar, [])
      const call = yield* Effect.forkChild(now(), { startImmediately: true })
      yield* nextReady
      assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded")
    }),
  )

  it.effect("runs on for as long as calls come, and its time begins when the last one has ended", () =>
    Effect.gen(function* () {
      const { coordinator, eventsSoFar, found, now } = yield* serving()
      for (let call = 0; call < 3; call++) {
        yield* elapse("59 seconds")
        yield* now()
      }
      yield* elapse("59 seconds")
      yield* coordinator.capabilities("Suite", "all")
      yield* elapse("59 seconds")
      const slow = yield* Effect.forkChild(found.perform(create("Slow", { Name: "a" }), unobserved))
      yield* awaitStarted(found, "a")
      yield* Effect.replicateEffect(elapse("50 seconds"), 3)
      assert.deepEqual(yield* eventsSoFar, [])
      yield* Fiber.interrupt(slow)
      yield* elapse("59999 millis")
      assert.deepEqual(yield* eventsSoFar, [])
      yield* elapse("1 millis")
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["IdleStopped"])
    }),
  )

  it.effect("has its time begin at the end of a call that has begun before it", () =>
    Effect.gen(function* () {
      const { eventsSoFar, found, state } = yield* serving()
      const current = yield* state
      const operators = [found, ...(current._tag === "Ready" ? [current.launch.operator] : [])]
      assert.lengthOf(operators, 2)
      for (const [operator, name, lasts] of [
        [operators[0]!, "a", "30 seconds"],
        [operators[1]!, "b", "70 seconds"],
      ] as const) {
        yield* elapse("10 seconds")
        const slow = yield* Effect.forkChild(operator.perform(create("Slow", { Name: name }), unobserved))
        yield* awaitStarted(operator, name)
        yield* elapse(lasts)
        yield* Fiber.interrupt(slow)
        yield* elapse("49 seconds")
        assert.deepEqual(yield* eventsSoFar, [])
      }
      yield* elapse("11 seconds")
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["IdleStopped"])
    }),
  )

  it.effect("loses no call: one that comes while it is being stopped is served by the next launch", () =>
    Effect.gen(function* () {
      // Stays for a second after its stdin has ended.
      const { eventsUntil, nextReady, now, operator, process, state } = yield* serving({
        programOf: () => (process) =>
          Effect.andThen(serves(plugin)(process), Effect.delay(Effect.succeed(0), "1 second")),
      })
      yield* elapse("1 minute")
      assert.deepEqual(yield* process.notices, ["EOF"])
      assert.deepInclude(yield* state, { _tag: "Ended", generation: 1 })
      const calls = yield* Effect.forEach([now(), now(), Effect.andThen(operator(), now())], (call) =>
        Effect.forkChild(call, { startImmediately: true }),
      )
      yield* elapse("999 millis")
      assert.isTrue(calls.every((call) => call.pollUnsafe() === undefined))
      yield* elapse("1 millis")
      assert.deepEqual(tagsOf(yield* eventsUntil("IdleStopped")), ["IdleStopped"])
      yield* nextReady
      for (const call of calls) assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded")
    }),
  )

  it.effect("serves a call that comes at any moment of its stop", () =>
    Effect.gen(function* () {
      const { eventsUntil, now, spawns } = yield* serving()
      yield* Queue.clear(spawns)
      for (let turns = 0; turns < 400; turns += 20) {
        const waiting = yield* Effect.forkChild(elapse("1 minute"))
        yield* Effect.replicateEffect(Effect.yieldNow, turns)
        const call = yield* Effect.forkChild(now(), { startImmediately: true })
        yield* Fiber.join(waiting)
        assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded", `after ${turns} turns`)
        yield* elapse("1 minute")
        yield* eventsUntil("IdleStopped")
      }
    }),
  )

  it.effect("is stopped as often as it is idle, and is never quarantined for that", () =>
    Effect.gen(function* () {
      const { eventsSoFar, now } = yield* serving()
      for (let times = 0; times < 20; times++) {
        yield* elapse("1 minute")
        yield* now()
      }
      assert.deepEqual([...new Set(tagsOf(yield* eventsSoFar))], ["IdleStopped", "Launched", "Ready"])
    }),
  )

  it.effect("runs for as long as the agent, unless a time is given", () =>
    Effect.gen(function* () {
      const { operator, nextReady, eventsSoFar } = yield* makeSupervised()
      yield* operator()
      yield* nextReady
      yield* elapse("3 hours")
      assert.deepEqual(yield* eventsSoFar, [])
    }),
  )
})
