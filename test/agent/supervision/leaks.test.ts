import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { bytesOfPlan } from "../plan/bytesOfPlan.ts"
import { create, unobserved } from "../../operator/operations.ts"
import { countingResources, grown, heapUsedMiB } from "./resourcesHeld.ts"
import { makeSupervised } from "./supervised.ts"

const cycles = 1_000

/** Of the 1,000 launches: 4 KiB each would be a launch that is kept. */
const allowedMiB = 4

/** Of one that takes 310. Each copy of its properties would be 100 more. */
const bytesOfChange = 360

describe("a plan with nothing to do", () => {
  it("takes few bytes for each resource more, beside what is wanted and what exists", () => {
    bytesOfPlan(200)
    // A table that doubles meanwhile counts in one of them.
    const each = [1, 2, 3].map(() => (bytesOfPlan(3_000) - bytesOfPlan(1_000)) / 2_000)
    assert.isBelow(each.toSorted((a, b) => a - b)[1] ?? 0, bytesOfChange, each.join(", "))
  })
})

describe("a plugin that crashes again and again", () => {
  it.effect(`P10: ${cycles} starts and crashes leave fibers, timers, listeners and memory where they were`, () =>
    countingResources(
      Effect.fnUntraced(function* (held) {
        const { eventsUntil, nextReady, operator } = yield* makeSupervised({
          settings: defaultSupervisionSettings,
          policy: {
            delays: Schedule.spaced("0 millis"),
            intensity: { restarts: 2 * cycles, withinMillis: 60_000 },
            healthyPeriod: Duration.seconds(60),
          },
        })
        const cycle = Effect.gen(function* () {
          const running = yield* nextReady
          const found = yield* operator()
          yield* found.perform(create("Now", { Name: "a" }), unobserved)
          yield* running.exit(1)
          yield* eventsUntil("RestartingIn")
        })
        yield* operator()
        // What is made once, and what V8 compiles of it, is there after the first few.
        yield* Effect.repeat(cycle, { times: 99 })
        const before = { ...(yield* held), heapMiB: heapUsedMiB() }
        yield* Effect.repeat(cycle, { times: cycles - 1 })
        const after = { ...(yield* held), heapMiB: heapUsedMiB() }
        assert.deepEqual(grown(before, { ...after, heapMiB: after.heapMiB - allowedMiB }), [])
      }),
    ),
  )
})
