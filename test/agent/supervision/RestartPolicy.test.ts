import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { explainPolicy, type PolicyExplanation } from "../../../src/agent/supervision/PolicyExplanation.ts"
import { addRestart } from "../../../src/agent/supervision/RestartIntensity.ts"
import {
  defaultRestartSettings,
  restartPolicy,
  type RestartSettings,
} from "../../../src/agent/supervision/RestartPolicy.ts"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { elapse, entryOf, makeSupervised, untilIdle } from "./supervised.ts"

const explained = (restart: RestartSettings, plugin: string) => explainPolicy(restartPolicy(restart, plugin))

/** How many restarts there are to observe: all, or as many as are told. */
const mostOf = ({ quarantineAtMillis, restarts }: PolicyExplanation) =>
  quarantineAtMillis === undefined ? restarts.length : Number.POSITIVE_INFINITY

/** What the supervisor does to a plugin that crashes as soon as it is ready, as `explainPolicy` tells it. */
const observed = Effect.fnUntraced(function* (restart: RestartSettings, plugin: string, most: number) {
  const { eventsUntil, nextReady, operator, spawns } = yield* makeSupervised({
    entries: [entryOf(plugin, "Suite")],
    settings: { ...defaultSupervisionSettings, restart },
    policy: null,
  })
  yield* operator()
  const firstCrash = yield* Clock.currentTimeMillis
  const restarts: Array<{ readonly restart: number; readonly delayMillis: number; readonly sumMillis: number }> = []
  while (true) {
    yield* Effect.flatMap(nextReady, (process) => process.exit(1))
    yield* eventsUntil("Crashed")
    yield* untilIdle
    const since = (yield* Clock.currentTimeMillis) - firstCrash
    const event = (yield* eventsUntil("RestartingIn", "Quarantined")).at(-1)
    if (event?._tag === "Quarantined") return { restarts, quarantineAtMillis: since }
    if (event?._tag !== "RestartingIn") return yield* Effect.die(event)
    const { delayMillis } = event
    if (delayMillis > 0) {
      yield* elapse(delayMillis - 1)
      assert.strictEqual(yield* Queue.size(spawns), 0, "it was started too early")
      yield* elapse(1)
    }
    yield* untilIdle
    assert.strictEqual(yield* Queue.size(spawns), 1, "it was not started in time")
    restarts.push({
      restart: restarts.length + 1,
      delayMillis,
      sumMillis: (yield* Clock.currentTimeMillis) - firstCrash,
    })
    if (restarts.length === most) return { restarts, quarantineAtMillis: undefined }
  }
})

const patient: RestartSettings = {
  baseMillis: 1_000,
  factor: 3,
  capMillis: 20_000,
  jitter: 0.5,
  intensity: { restarts: 9, withinMillis: 600_000 },
  healthyMillis: 60_000,
}
const tireless: RestartSettings = {
  baseMillis: 333,
  factor: 1.7,
  capMillis: 5_000,
  jitter: 1,
  intensity: { restarts: 30, withinMillis: 10_000 },
  healthyMillis: 60_000,
}

describe("P6: a supervisor restarts a plugin exactly as its policy is explained", () => {
  for (const [name, settings] of Object.entries({ "the default": defaultRestartSettings, patient, tireless })) {
    // One plugin is enough for thirty restarts.
    for (const plugin of name === "tireless" ? ["azure"] : ["suite", "aws", "azure"]) {
      it.effect(`${name}, for ${plugin}`, () =>
        Effect.gen(function* () {
          const told = yield* explained(settings, plugin)
          assert.deepEqual(yield* observed(settings, plugin, mostOf(told)), told)
        }),
      )
    }
  }

  it.effect("which tells another jitter for each plugin, and always the same for one", () =>
    Effect.gen(function* () {
      const [suite, again, aws] = yield* Effect.forEach(["suite", "suite", "aws"], (plugin) =>
        explained(defaultRestartSettings, plugin),
      )
      assert.deepEqual(suite, again)
      assert.notDeepEqual(suite, aws)
      for (const { restarts } of [suite!, aws!]) {
        assert.lengthOf(restarts, 5)
        for (const { delayMillis, restart } of restarts) {
          const middle = restart === 1 ? 0 : 200 * 2 ** (restart - 2)
          assert.isAtLeast(delayMillis, Math.round(middle * 0.8))
          assert.isAtMost(delayMillis, Math.round(middle * 1.2))
        }
      }
    }),
  )
})

/** A restart that costs no time, so that a test can say when each crash is. */
const atOnce: RestartSettings = { ...defaultRestartSettings, baseMillis: 1, factor: 1, capMillis: 1, jitter: 0 }

describe("P6: restart intensity", () => {
  const five = { restarts: 5, withinMillis: 60_000 }

  it.each<[string, ReadonlyArray<number>, ReadonlyArray<boolean>]>([
    ["five at once are no more than five", [0, 0, 0, 0, 0], [false, false, false, false, false]],
    ["the sixth is one too many", [0, 0, 0, 0, 0, 0], [false, false, false, false, false, true]],
    ["one of a minute ago does not count", [0, 1, 2, 3, 4, 60_000], [false, false, false, false, false, false]],
    ["one of almost a minute ago does", [0, 1, 2, 3, 4, 59_999], [false, false, false, false, false, true]],
    ["each minute begins with each restart", [0, 30, 60, 61, 62, 90, 120].map((s) => s * 1_000), Array(7).fill(false)],
  ])("%s", (_, at, exceeded) => {
    let history: ReadonlyArray<number> = []
    const found = at.map((now) => {
      const counted = addRestart(history, now, five)
      history = counted.history
      return counted.exceeded
    })
    assert.deepEqual(found, exceeded)
  })

  it("keeps no more than it needs", () => {
    let history: ReadonlyArray<number> = []
    for (let now = 0; now < 10_000_000; now += 13_000) history = addRestart(history, now, five).history
    assert.lengthOf(history, 5)
  })

  /** Crashes the plugin each time that it has served for so long; how often, until it was quarantined. */
  const crashing = Effect.fnUntraced(function* (everyMillis: number, most: number) {
    const { eventsUntil, nextReady, operator } = yield* makeSupervised({
      settings: { ...defaultSupervisionSettings, restart: atOnce },
      policy: null,
    })
    yield* operator()
    for (let crashes = 1; crashes <= most; crashes++) {
      const running = yield* nextReady
      yield* elapse(everyMillis)
      yield* running.exit(1)
      const last = (yield* eventsUntil("RestartingIn", "Quarantined")).at(-1)
      if (last?._tag === "Quarantined") return crashes
      yield* elapse(1)
    }
    return undefined
  })

  it.effect("gives up a plugin that crashes six times in a minute", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* crashing(11_900, 20), 6)
    }),
  )

  it.effect("never gives up a plugin whose restarts are spread out", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* crashing(12_000, 20))
    }),
  )

  it.effect("starts over after a plugin was healthy for 60 seconds, and not after 59.999", () =>
    Effect.gen(function* () {
      const { eventsUntil, nextReady, operator } = yield* makeSupervised({ policy: null })
      const policy = yield* explained(defaultRestartSettings, "suite")
      yield* operator()
      const delayAfter = Effect.fnUntraced(function* (servedMillis: number) {
        const running = yield* nextReady
        yield* elapse(servedMillis)
        yield* running.exit(1)
        const last = (yield* eventsUntil("RestartingIn")).at(-1)
        const delayMillis = last?._tag === "RestartingIn" ? last.delayMillis : Number.NaN
        yield* elapse(delayMillis)
        return delayMillis
      })
      const delays = policy.restarts.map(({ delayMillis }) => delayMillis)
      assert.strictEqual(yield* delayAfter(0), delays[0])
      assert.strictEqual(yield* delayAfter(59_999), delays[1])
      assert.strictEqual(yield* delayAfter(60_000), delays[0])
      assert.strictEqual(yield* delayAfter(0), delays[1])
    }),
  )
})
