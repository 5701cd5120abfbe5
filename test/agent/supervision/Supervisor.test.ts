import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/testing/TestClock"
import { exitsAtOnce, neverAnswers, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create, unobserved } from "../../operator/operations.ts"
import { elapse, entryOf, makeSupervised } from "./supervised.ts"

describe("a supervised plugin", () => {
  it.effect("is started when it is first wanted, and not before", () =>
    Effect.gen(function* () {
      const { eventsUntil, operator, spawns } = yield* makeSupervised()
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Queue.size(spawns), 0)
      const found = yield* operator()
      const { spawn } = yield* Queue.take(spawns)
      assert.strictEqual(spawn.command, process.execPath)
      assert.strictEqual(spawn.args.at(-1), "/plugins/suite/main.js")
      assert.deepEqual(yield* eventsUntil("Ready"), [
        { _tag: "Launched", plugin: "suite", generation: 1 },
        { _tag: "Ready", plugin: "suite", generation: 1, pid: 1001, version: "1.2.3" },
      ])
      const made = yield* found.perform(create("Now", { Name: "a" }), unobserved)
      assert.strictEqual(made.status, "Succeeded")
    }),
  )

  it.effect("is started once for all who want it at the same time", () =>
    Effect.gen(function* () {
      const { coordinator, operator, spawns } = yield* makeSupervised()
      yield* Effect.all([operator(), operator("SUITE"), coordinator.capabilities("suite"), operator()], {
        concurrency: "unbounded",
      })
      assert.strictEqual(yield* Queue.size(spawns), 1)
    }),
  )

  it.effect("is started again at once after its first crash", () =>
    Effect.gen(function* () {
      const { eventsUntil, operator, spawns } = yield* makeSupervised()
      yield* operator()
      const crashed = yield* Queue.take(spawns)
      yield* eventsUntil("Ready")
      yield* crashed.exit(3)
      assert.deepEqual(yield* eventsUntil("Ready"), [
        { _tag: "Crashed", plugin: "suite", generation: 1, reason: "exited with code 3", operations: [] },
        { _tag: "RestartingIn", plugin: "suite", generation: 1, delayMillis: 0 },
        { _tag: "Launched", plugin: "suite", generation: 2 },
        { _tag: "Ready", plugin: "suite", generation: 2, pid: 1002, version: "1.2.3" },
      ])
      const after = yield* operator()
      const made = yield* after.perform(create("Now", { Name: "a" }), unobserved)
      assert.strictEqual(made.status, "Succeeded")
    }),
  )

  it.effect("is started again after the delays of its policy, to the millisecond", () =>
    Effect.gen(function* () {
      const { eventsUntil, nextReady, operator, spawns } = yield* makeSupervised()
      yield* operator()
      yield* Effect.flatMap(nextReady, (it) => it.exit(1))
      yield* Effect.flatMap(nextReady, (it) => it.signal("SIGSEGV"))
      assert.deepEqual(yield* eventsUntil("RestartingIn"), [
        { _tag: "Crashed", plugin: "suite", generation: 2, reason: "was ended by SIGSEGV", operations: [] },
        { _tag: "RestartingIn", plugin: "suite", generation: 2, delayMillis: 200 },
      ])
      const wanted = yield* Effect.forkChild(operator(), { startImmediately: true })
      yield* TestClock.adjust("199 millis")
      assert.strictEqual(yield* Queue.size(spawns), 0)
      yield* TestClock.adjust("1 millis")
      const third = yield* nextReady
      yield* Fiber.join(wanted)
      yield* third.exit(1)
      assert.deepInclude((yield* eventsUntil("RestartingIn")).at(-1), { delayMillis: 400 })
      yield* TestClock.adjust("399 millis")
      assert.strictEqual(yield* Queue.size(spawns), 0)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Queue.take(spawns)).pid, 1004)
    }),
  )

  it.effect("is quarantined when its policy ends", () =>
    Effect.gen(function* () {
      const { coordinator, eventsUntil, nextReady, operator, spawns } = yield* makeSupervised()
      const crashNext = Effect.flatMap(nextReady, (it) => it.exit(9))
      yield* operator()
      yield* crashNext
      yield* crashNext
      yield* eventsUntil("RestartingIn")
      yield* TestClock.adjust("200 millis")
      yield* crashNext
      yield* eventsUntil("RestartingIn")
      yield* TestClock.adjust("400 millis")
      yield* crashNext
      yield* eventsUntil("Quarantined")
      const [status] = yield* coordinator.status
      assert.deepEqual(status?.state, {
        _tag: "Quarantined",
        quarantine: { plugin: "suite", restarts: 3, reason: "exited with code 9", at: 600 },
      })
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* Queue.size(spawns), 0)
      assert.strictEqual(
        (yield* Effect.flip(operator())).message,
        "The plugin suite has been quarantined since 1970-01-01T00:00:00.600Z: it was restarted 3 times, and then it exited with code 9. It is not started again until it is released",
      )
    }),
  )

  it.effect("that cannot be started again fails its callers at once, and is started again by itself", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make()
      const { eventsUntil, nextReady, operator } = yield* makeSupervised({
        programOf: ({ number }) =>
          number === 1
            ? serves(plugin)
            : (process) => Effect.andThen(gate.await, exitsAtOnce(7, "out of luck\n")(process)),
      })
      yield* operator()
      yield* Effect.flatMap(nextReady, (it) => it.exit(1))
      yield* eventsUntil("Launched")
      const early = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
      yield* gate.open
      const error = yield* Fiber.join(early)
      assert.strictEqual(error._tag, "PluginStartFailed")
      assert.include(error.message, "out of luck")
      assert.deepInclude((yield* eventsUntil("RestartingIn")).at(-1), { generation: 2, delayMillis: 200 })
      const waiting = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
      yield* elapse("199 millis")
      assert.isUndefined(waiting.pollUnsafe())
      yield* elapse("1 millis")
      assert.strictEqual((yield* Fiber.join(waiting))._tag, "PluginStartFailed")
    }),
  )

  it.effect("that was healthy for 60 seconds is restarted as if it were its first crash", () =>
    Effect.gen(function* () {
      const { eventsUntil, nextReady, operator } = yield* makeSupervised()
      yield* operator()
      const crashAfter = Effect.fnUntraced(function* (millis: number) {
        const running = yield* nextReady
        yield* TestClock.adjust(millis)
        yield* running.exit(1)
        return (yield* eventsUntil("RestartingIn")).at(-1)
      })
      assert.deepInclude(yield* crashAfter(0), { delayMillis: 0 })
      assert.deepInclude(yield* crashAfter(59_999), { delayMillis: 200 })
      yield* TestClock.adjust("200 millis")
      assert.deepInclude(yield* crashAfter(60_000), { delayMillis: 0 })
      assert.deepInclude(yield* crashAfter(0), { delayMillis: 200 })
    }),
  )

  it.effect("does not delay another one that starts", () =>
    Effect.gen(function* () {
      const { operator, spawns } = yield* makeSupervised({
        entries: [entryOf("stuck", "Stuck"), entryOf("broken", "Broken"), entryOf("suite", "Suite")],
        programOf: ({ args }) => {
          if (args.includes("/plugins/stuck/main.js")) return neverAnswers
          return args.includes("/plugins/broken/main.js") ? exitsAtOnce(1) : serves(plugin)
        },
      })
      const stuck = yield* Effect.forkChild(Effect.flip(operator("Stuck")), { startImmediately: true })
      yield* Queue.take(spawns)
      const broken = yield* Effect.flip(operator("Broken"))
      assert.strictEqual(broken._tag, "PluginStartFailed")
      const found = yield* operator("Suite")
      const made = yield* found.perform(create("Now", { Name: "a" }), unobserved)
      assert.strictEqual(made.status, "Succeeded")
      assert.isUndefined(stuck.pollUnsafe())
      yield* elapse("10 seconds")
      yield* Fiber.join(stuck)
    }),
  )

  it.effect("of an unknown namespace fails with the known ones", () =>
    Effect.gen(function* () {
      const { operator, spawns } = yield* makeSupervised()
      const { message } = yield* Effect.flip(operator("Azure"))
      assert.strictEqual(message, "No plugin serves the namespace Azure; known namespaces: Suite")
      assert.strictEqual(yield* Queue.size(spawns), 0)
    }),
  )
})
