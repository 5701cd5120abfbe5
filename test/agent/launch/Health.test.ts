import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as TestClock from "effect/testing/TestClock"
import { defaultHealthSettings, type Health, healthy, nextHealth, type Tick } from "../../../src/agent/launch/Health.ts"
import { watchHealth } from "../../../src/agent/launch/HealthMonitor.ts"
import { makeLateClock } from "../../transport/lateClock.ts"

const silent: Tick = { outstanding: true, heard: false, debugged: false, isExcused: false }

/** The health after these ticks of a second. */
const after = (...ticks: ReadonlyArray<Tick>): Health =>
  ticks.reduce((health, tick) => nextHealth(health, tick, defaultHealthSettings), healthy)

const times = (count: number, tick: Tick) => Array.from({ length: count }, () => tick)

describe("a plugin with calls outstanding", () => {
  it("is suspect when it was silent for 3 seconds, and stalled after 30", () => {
    assert.deepEqual(after(...times(2, silent)), { verdict: "healthy", silentMillis: 2_000 })
    assert.deepEqual(after(...times(3, silent)), { verdict: "suspect", silentMillis: 3_000 })
    assert.deepEqual(after(...times(29, silent)), { verdict: "suspect", silentMillis: 29_000 })
    assert.deepEqual(after(...times(30, silent)), { verdict: "stalled", silentMillis: 30_000 })
  })

  it.each<[string, Tick]>([
    ["a frame is heard", { ...silent, heard: true }],
    ["no call is outstanding", { ...silent, outstanding: false }],
    ["a debugger is attached", { ...silent, debugged: true }],
  ])("is healthy again as soon as %s", (_, tick) => {
    assert.deepEqual(after(...times(29, silent), tick), healthy)
    assert.deepEqual(after(...times(29, silent), tick, silent), { verdict: "healthy", silentMillis: 1_000 })
  })

  it("is not stalled by a tick that comes late, which counts once", () => {
    const late = { ...silent, isExcused: true }
    assert.deepEqual(after(...times(2, silent), late), { verdict: "suspect", silentMillis: 3_000 })
    assert.deepEqual(after(...times(29, silent), late, late), { verdict: "suspect", silentMillis: 29_000 })
    assert.deepEqual(after(...times(29, silent), late, silent), { verdict: "stalled", silentMillis: 30_000 })
    assert.deepEqual(after(...times(29, silent), late, { ...silent, heard: true }), healthy)
  })

  it.effect("is not taken for silent while the agent itself was held up: a tick that comes late counts once", () =>
    Effect.gen(function* () {
      const ticks = yield* Queue.unbounded<number>()
      const asleep = yield* Queue.unbounded<void>()
      const suspects: Array<number> = []
      const clock = yield* Clock.Clock
      const watching = yield* watchHealth({
        connection: { ping: Effect.void, framesHeard: () => 0 },
        settings: defaultHealthSettings,
        hasCalls: () => true,
        isDebugged: () => false,
        onSuspect: (silentMillis) => Effect.sync(() => void suspects.push(silentMillis)),
        onIdle: Effect.void,
      }).pipe(
        Effect.provideService(Clock.Clock, {
          ...clock,
          sleep: () => Effect.andThen(Queue.offer(asleep, undefined), Effect.asVoid(Queue.take(ticks))),
        }),
        Effect.forkChild,
      )
      const tick = Effect.andThen(Queue.take(asleep), Queue.offer(ticks, 1))
      // With the first one it is asked for the first time. Each may have taken a minute.
      yield* Effect.replicateEffect(tick, 1 + 2)
      yield* Queue.take(asleep)
      assert.deepEqual(suspects, [])
      yield* Queue.offer(ticks, 1)
      yield* Queue.take(asleep)
      assert.deepEqual(suspects, [3_000])
      yield* Fiber.interrupt(watching)
    }),
  )

  it.effect("is stalled in the end on a machine that is so busy that each tick comes late", () =>
    Effect.gen(function* () {
      const { clock, stopEachTimeFor } = yield* makeLateClock
      stopEachTimeFor("1500 millis")
      const watching = yield* watchHealth({
        connection: { ping: Effect.void, framesHeard: () => 0 },
        settings: defaultHealthSettings,
        hasCalls: () => true,
        isDebugged: () => false,
        onSuspect: () => Effect.void,
        onIdle: Effect.void,
      }).pipe(Effect.provideService(Clock.Clock, clock), Effect.forkChild({ startImmediately: true }))
      yield* TestClock.adjust("2 minutes")
      assert.isDefined(watching.pollUnsafe())
      assert.strictEqual(yield* Fiber.join(watching), 30_000)
    }),
  )
})
