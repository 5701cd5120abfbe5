/** What an agent that stays writes beside its commands waits for room on a full disk, and holds nothing up. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Quarantines, Store } from "../../../src/agent/index.ts"
import { SecretValues } from "../../../src/agent/secrets/SecretValues.ts"
import { WaitsForRoom } from "../../../src/agent/store/DiskRoom.ts"
import { waitingQuarantines } from "../../../src/cli/staying/waitingQuarantines.ts"

const store = Layer.fresh(Store.layerMemory)

/** Lets the store grow by no page more, or without a limit. */
const setRoom = (isThere: boolean) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient
    const [[used] = []] = yield* sql`PRAGMA page_count`.values
    yield* sql.unsafe(`PRAGMA max_page_count = ${isThere ? 1_000_000 : Number(used)}`)
  })

const long = "x".repeat(20_000)

describe("a full disk", () => {
  it.effect("quarantines a plugin at once, and keeps that when there is room", () =>
    Effect.gen(function* () {
      const { list, put } = yield* Quarantines
      yield* setRoom(false)
      yield* put({ plugin: "aws", restarts: 5, reason: long, at: 1 })
      assert.deepEqual(yield* list, [])
      yield* TestClock.adjust("5 seconds")
      yield* setRoom(true)
      yield* TestClock.adjust("1 second")
      assert.deepEqual(
        (yield* list).map(({ plugin }) => plugin),
        ["aws"],
      )
    }).pipe(Effect.provide(Layer.provideMerge(waitingQuarantines, store))),
  )

  it.effect("keeps a secret when there is room", () =>
    Effect.gen(function* () {
      const { find, keep } = yield* SecretValues
      yield* keep("first")
      yield* setRoom(false)
      const keeping = yield* Effect.forkChild(keep(long), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      assert.isUndefined(keeping.pollUnsafe())
      yield* setRoom(true)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* find(yield* Fiber.join(keeping)), long)
    }).pipe(
      Effect.provide(
        SecretValues.layerNoDeps.pipe(Layer.provideMerge(store), Layer.provide(Layer.succeed(WaitsForRoom, true))),
      ),
    ),
  )
})
