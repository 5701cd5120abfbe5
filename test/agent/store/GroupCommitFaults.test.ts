/** What must not be lost, nor keep others waiting, where a group of writes goes wrong in the middle. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"
import { makeWords, together } from "./words.ts"

describe("a transaction that the database has rolled back by itself, as it may on a full disk", () => {
  it.effect("fails with all of its writes, because those before that are lost, and says why", () =>
    Effect.gen(function* () {
      const { add, seen, sql, write } = yield* makeWords()
      const exits = yield* together<unknown, unknown>([
        add("a"),
        write(sql`INSERT OR ROLLBACK INTO words (word) VALUES ('a')`),
        add("b"),
      ])
      for (const exit of exits) assert.include(String(exit), "UNIQUE constraint failed")
      assert.deepEqual(seen(), [])
      yield* add("c")
      assert.deepEqual(seen(), ["c"])
    }),
  )
})

describe("a write that is interrupted at any moment", () => {
  it.effect.each([3, 4, 5, 6])("keeps no other one waiting, if it gives way every %i steps", (steps) =>
    Effect.gen(function* () {
      const { add, seen, write } = yield* makeWords()
      let stuck: number | undefined
      for (let moment = 0; moment < 50 && stuck === undefined; moment++) {
        const first = yield* Effect.forkChild(write(Effect.void), { startImmediately: true })
        const slow = yield* Effect.forkChild(
          Effect.provideService(write(Effect.void), Scheduler.MaxOpsBeforeYield, steps),
          { startImmediately: true },
        )
        for (let turn = 0; turn < moment; turn++) yield* Effect.yieldNow
        slow.interruptUnsafe()
        const isOpen = () => first.pollUnsafe() === undefined || slow.pollUnsafe() === undefined
        for (let turn = 0; turn < 300 && isOpen(); turn++) yield* Effect.yieldNow
        if (isOpen()) stuck = moment
      }
      assert.isUndefined(stuck)
      yield* add("next")
      assert.deepEqual(seen(), ["next"])
    }),
  )
})
