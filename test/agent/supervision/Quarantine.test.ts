import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/testing/TestClock"
import { Quarantines } from "../../../src/agent/supervision/Quarantines.ts"
import { defaultRestartSettings } from "../../../src/agent/supervision/RestartPolicy.ts"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { definePlugin } from "../../../src/plugin/ResourcePlugin.ts"
import { exitsAtOnce, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create, unobserved } from "../../operator/operations.ts"
import { entryOf, makeSupervised, tagsOf } from "./supervised.ts"

const twoRestarts = {
  policy: null,
  settings: {
    ...defaultSupervisionSettings,
    restart: {
      ...defaultRestartSettings,
      baseMillis: 1_000,
      jitter: 0,
      intensity: { restarts: 2, withinMillis: 60_000 },
    },
  },
} as const

const other = definePlugin({ name: "other", namespace: "Other", version: "1.0.0", types: [] })

type Supervised = Effect.Success<ReturnType<typeof makeSupervised>>

/** Has the plugin crash until it is quarantined. */
const crashUntilQuarantined = Effect.fnUntraced(function* ({ eventsUntil, nextReady, operator }: Supervised) {
  yield* operator()
  while (true) {
    yield* Effect.flatMap(nextReady, (process) => process.exit(9))
    const last = (yield* eventsUntil("RestartingIn", "Quarantined")).at(-1)
    if (last?._tag === "Quarantined") return last
    if (last?._tag === "RestartingIn") yield* TestClock.adjust(last.delayMillis)
  }
})

describe("P6: a plugin that is quarantined", () => {
  it.effect("says how often it was restarted, why it is not any more, and since when", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_000_000)
      const supervised = yield* makeSupervised(twoRestarts)
      const at = 1_700_000_001_000
      assert.deepInclude(yield* crashUntilQuarantined(supervised), {
        plugin: "suite",
        restarts: 2,
        reason: "exited with code 9",
        at,
      })
      const error = yield* Effect.flip(supervised.operator())
      assert.deepInclude(error, {
        _tag: "PluginQuarantined",
        plugin: "suite",
        restarts: 2,
        reason: "exited with code 9",
        at,
      })
      assert.include(error.message, "since 2023-11-14T22:13:21.000Z")
      assert.include(error.message, "It is not started again until it is released")
    }),
  )

  it.effect("refuses every caller at once, and is not started", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised(twoRestarts)
      const operator = yield* supervised.operator()
      yield* crashUntilQuarantined(supervised)
      const before = yield* Clock.currentTimeMillis
      assert.strictEqual((yield* Effect.flip(supervised.operator()))._tag, "PluginQuarantined")
      assert.strictEqual((yield* Effect.flip(supervised.coordinator.capabilities("Suite")))._tag, "PluginQuarantined")
      // Who had its operator before learns it too, in the words of an operator.
      const lost = yield* Effect.flip(operator.perform(create("Now", { Name: "a" }), unobserved))
      assert.deepInclude(lost, { _tag: "ConnectionLost", sent: false })
      assert.include(lost.message, "has been quarantined since")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* Queue.size(supervised.spawns), 0)
      assert.strictEqual((yield* Clock.currentTimeMillis) - before, 3_600_000)
    }),
  )

  it.effect("fails the callers that waited for its restart", () =>
    Effect.gen(function* () {
      const { eventsUntil, nextReady, operator } = yield* makeSupervised({
        ...twoRestarts,
        programOf: ({ number }) => (number < 3 ? serves(plugin) : exitsAtOnce(1)),
      })
      yield* operator()
      yield* Effect.flatMap(nextReady, (process) => process.exit(9))
      yield* Effect.flatMap(nextReady, (process) => process.exit(9))
      yield* eventsUntil("RestartingIn")
      const waiting = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
      yield* TestClock.adjust("1 second")
      const error = yield* Fiber.join(waiting)
      assert.strictEqual(error._tag, "PluginQuarantined")
      assert.include(error.message, "it was restarted 2 times, and then it could not be started: it exited with code 1")
    }),
  )

  it.effect("is one that could not be started too often, whichever caller wanted it", () =>
    Effect.gen(function* () {
      const { eventsSoFar, operator } = yield* makeSupervised({ ...twoRestarts, programOf: () => exitsAtOnce(1) })
      const tags = yield* Effect.forEach([1, 2, 3, 4], () => Effect.map(Effect.flip(operator()), ({ _tag }) => _tag))
      assert.deepEqual(tags, ["PluginStartFailed", "PluginStartFailed", "PluginQuarantined", "PluginQuarantined"])
      const seen: ReadonlyArray<string> = tagsOf(yield* eventsSoFar)
      const failing = ["Launched", "StartFailed"]
      assert.deepEqual(seen, [...failing, ...failing, ...failing, "Quarantined"])
    }),
  )

  it.effect("stays so for the next agent, and is brought back with a clean record", () =>
    Effect.gen(function* () {
      const quarantines = Layer.succeedContext(yield* Layer.build(Quarantines.layerMemory))
      const first = yield* makeSupervised({ ...twoRestarts, quarantines })
      const { at } = yield* crashUntilQuarantined(first)
      yield* first.stop

      const supervised = yield* makeSupervised({ ...twoRestarts, quarantines })
      assert.deepInclude(yield* Effect.flip(supervised.operator()), { _tag: "PluginQuarantined", restarts: 2, at })
      assert.strictEqual(yield* Queue.size(supervised.spawns), 0)
      assert.isFalse(yield* supervised.coordinator.release("nobody"))
      assert.isTrue(yield* supervised.coordinator.release("suite"))
      assert.isFalse(yield* supervised.coordinator.release("suite"))
      assert.deepEqual(tagsOf(yield* supervised.eventsSoFar), ["Released"])
      // It is restarted as often as before, each time that it was released.
      for (let times = 0; times < 2; times++) {
        assert.deepInclude(yield* crashUntilQuarantined(supervised), { restarts: 2 })
        assert.isTrue(yield* supervised.coordinator.release("suite"))
      }
      yield* supervised.stop

      const third = yield* makeSupervised({ ...twoRestarts, quarantines })
      assert.strictEqual((yield* third.perform(create("Now", { Name: "a" }))).status, "Succeeded")
    }),
  )

  it.effect("P2: takes no other with it, and no other waits for it", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({
        ...twoRestarts,
        entries: [entryOf("suite", "Suite"), entryOf("other", "Other")],
        programOf: ({ args }) => (args.includes("/plugins/other/main.js") ? serves(other) : serves(plugin)),
      })
      const { operator, spawns } = supervised
      yield* crashUntilQuarantined(supervised)
      const before = yield* Clock.currentTimeMillis
      yield* operator("Other")
      assert.strictEqual((yield* Effect.flip(operator()))._tag, "PluginQuarantined")
      assert.strictEqual(yield* Queue.size(spawns), 1)
      assert.strictEqual((yield* Clock.currentTimeMillis) - before, 0)
    }),
  )
})
