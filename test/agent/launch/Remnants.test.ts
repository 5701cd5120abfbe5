import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { LaunchProcesses } from "../../../src/agent/launch/LaunchProcesses.ts"
import { makeRemnants } from "../../../src/agent/launch/Remnants.ts"
import { LaunchId } from "../../../src/protocol/Identity.ts"

const launch = LaunchId.make("one-1")
const group = 10

interface Living {
  readonly pid: number
  readonly group: number
  readonly ends: ReadonlyArray<"SIGTERM" | "SIGKILL">
}

/** Processes that are ended by the signals that they name, and found after `findMillis`. */
const makeWorld = Effect.fnUntraced(function* (processes: ReadonlyArray<Living>, findMillis = 0) {
  const signals: Array<string> = []
  let living = [...processes]
  const remnants = yield* makeRemnants(launch, 5_000).pipe(
    Effect.provideService(LaunchProcesses, {
      find: () =>
        Effect.andThen(
          findMillis === 0 ? Effect.void : Effect.sleep(findMillis),
          Effect.sync(() => living),
        ),
      signal: (pid, name) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          Effect.sync(() => {
            signals.push(`${now} ${name} ${pid}`)
            living = living.filter((one) => one.pid !== pid || !one.ends.includes(name))
          }),
        ),
    }),
  )
  return { remnants, signals }
})

describe("what a plugin has started outside of its group", () => {
  it.effect("is asked to leave with the group, and killed when the time of the group is over", () =>
    Effect.gen(function* () {
      const { remnants, signals } = yield* makeWorld([
        { pid: 10, group, ends: ["SIGTERM"] },
        { pid: 20, group: 20, ends: ["SIGTERM", "SIGKILL"] },
        { pid: 21, group: 21, ends: ["SIGKILL"] },
      ])
      yield* remnants.terminate(group)
      assert.deepEqual(signals, ["0 SIGTERM 20", "0 SIGTERM 21"])
      yield* TestClock.adjust("3 seconds")
      const ending = yield* Effect.forkChild(remnants.end, { startImmediately: true })
      yield* TestClock.adjust("1999 millis")
      assert.lengthOf(signals, 2)
      yield* TestClock.adjust("1 millis")
      // Its group is gone by then, but for what nothing ends.
      assert.deepEqual(signals.slice(2, 4), ["5000 SIGKILL 10", "5000 SIGKILL 21"])
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(ending)
    }),
  )

  it.effect("delays nothing if there is nothing", () =>
    Effect.gen(function* () {
      const { remnants, signals } = yield* makeWorld([])
      yield* remnants.terminate(group)
      yield* remnants.end
      assert.deepEqual(signals, [])
    }),
  )

  it.effect("delays for a second at most if it cannot be ended", () =>
    Effect.gen(function* () {
      const { remnants } = yield* makeWorld([{ pid: 20, group: 20, ends: [] }])
      yield* remnants.kill(group)
      const ending = yield* Effect.forkChild(remnants.end, { startImmediately: true })
      yield* TestClock.adjust("999 millis")
      assert.isUndefined(ending.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(ending)
    }),
  )

  it.effect("is killed even where it takes longer to find it than it may take to end it", () =>
    Effect.gen(function* () {
      const { remnants, signals } = yield* makeWorld([{ pid: 20, group: 20, ends: ["SIGKILL"] }], 1_500)
      const terminating = yield* Effect.forkChild(remnants.terminate(group), { startImmediately: true })
      yield* TestClock.adjust("1500 millis")
      yield* Fiber.join(terminating)
      const ending = yield* Effect.forkChild(remnants.end, { startImmediately: true })
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(ending)
      assert.deepEqual(signals.slice(1), ["6500 SIGKILL 20"])
    }),
  )
})
