import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { countingResources, grown } from "../agent/supervision/resourcesHeld.ts"
import { hurried, visit } from "./museum/visit.ts"

const cycles = 30

describe("a plugin that crashes again and again", () => {
  it.live(
    `P10: ${cycles} starts and crashes leave file descriptors, listeners, timers and fibers where they were`,
    () =>
      countingResources(
        Effect.fnUntraced(function* (held) {
          const museum = yield* visit("crashes-on-demand", {
            ...hurried,
            restart: { ...hurried.restart, intensity: { restarts: 10 * cycles, withinMillis: 60_000 } },
          })
          const cycle = Effect.gen(function* () {
            yield* Effect.flip(museum.read("any"))
            yield* museum.next("Ready")
          })
          // By then everything is there that is loaded, opened or started only once.
          yield* Effect.repeat(cycle, { times: 2 })
          const before = yield* held
          yield* Effect.repeat(cycle, { times: cycles - 1 })
          // What the last launch held is released shortly after its successor is ready.
          const after = yield* Effect.repeat(held, {
            until: (now) => grown(before, now).length === 0,
            schedule: Schedule.upTo(Schedule.spaced("20 millis"), { times: 250 }),
          })
          assert.deepEqual(grown(before, after), [])
        }),
      ),
  )
})
