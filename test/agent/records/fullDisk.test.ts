import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { WaitsForRoom } from "../../../src/agent/store/DiskRoom.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { layerHolding } from "./holding.ts"

/** Lets the database grow by this many pages at most. After that, SQLite reports a full disk. */
const leaveSpace = (pages: number) =>
  SqlClient.SqlClient.use((sql) =>
    Effect.flatMap(sql`PRAGMA page_count`.values, (rows) =>
      sql.unsafe(`PRAGMA max_page_count = ${Number(rows[0]?.[0]) + pages}`),
    ),
  )

const filled = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE things (name TEXT, text TEXT)`
  yield* leaveSpace(0)
})

/** More than a page. */
const add = (name: string) =>
  SqlClient.SqlClient.use((sql) => sql`INSERT INTO things VALUES (${name}, ${"x".repeat(20_000)})`)

const names = SqlClient.SqlClient.use((sql) =>
  Effect.map(sql`SELECT name FROM things ORDER BY name`.values, (rows) => rows.map(([name]) => String(name))),
)

const layerOf = (waits: boolean, logged: Array<string> = []) =>
  layerHolding.pipe(
    Layer.provideMerge(Store.layerMemory),
    Layer.provideMerge(Layer.succeed(WaitsForRoom, waits)),
    Layer.provideMerge(Logger.layer([Logger.make(({ message }) => void logged.push(String(message)))])),
  )

const assertFull = ({ _tag, message }: { readonly _tag: string; readonly message: string }) => {
  assert.strictEqual(_tag, "SqlError")
  assert.include(message, "the disk is full. Free some space on the disk of")
}

describe("a full disk, in an agent that stays", () => {
  it.effect("stops new work and nothing else: what is under way goes on by itself once there is room", () => {
    const logged: Array<string> = []
    return Effect.gen(function* () {
      const { refuseWhileFull, write, writeNew } = yield* StateOwnership
      yield* filled
      yield* refuseWhileFull
      const writes = yield* Effect.forEach(["a", "b", "c"], (name) =>
        Effect.forkChild(write(add(name)), { startImmediately: true }),
      )
      yield* TestClock.adjust("20 seconds")
      assert.isTrue(writes.every((one) => one.pollUnsafe() === undefined))
      assertFull(yield* Effect.flip(writeNew(add("new"))))
      assertFull(yield* Effect.flip(refuseWhileFull))
      // What needs no room is done meanwhile.
      yield* write(SqlClient.SqlClient.use((sql) => sql`DELETE FROM things WHERE name = 'nobody'`))
      yield* leaveSpace(1_000)
      yield* TestClock.adjust("1 second")
      yield* Effect.forEach(writes, Fiber.join)
      assert.deepEqual(yield* names, ["a", "b", "c"])
      yield* refuseWhileFull
      yield* writeNew(add("new"))
      assert.deepEqual(logged, [
        "The disk of the state is full. What is under way waits until there is room, and no new command is begun",
        "The disk of the state has room again, or nothing waits for it any more",
      ])
    }).pipe(Effect.provide(layerOf(true, logged)))
  })

  it.effect("does not keep the agent from stopping: a write that is interrupted fails as it would at once", () =>
    Effect.gen(function* () {
      const { refuseWhileFull, write } = yield* StateOwnership
      yield* filled
      const errors: Array<Parameters<typeof assertFull>[0]> = []
      const noted = Effect.catch(write(add("a")), (error) => Effect.sync(() => errors.push(error)))
      const guarded = yield* Effect.forkChild(Effect.uninterruptible(noted), { startImmediately: true })
      const free = yield* Effect.forkChild(write(add("b")), { startImmediately: true })
      yield* TestClock.adjust("3 seconds")
      yield* Fiber.interruptAll([guarded, free])
      assert.lengthOf(errors, 1)
      errors.forEach(assertFull)
      assert.deepEqual(yield* names, [])
      yield* refuseWhileFull
    }).pipe(Effect.provide(layerOf(true))),
  )

  it.effect("fails a command of its own at once", () =>
    Effect.gen(function* () {
      const { refuseWhileFull, write } = yield* StateOwnership
      yield* filled
      assertFull(yield* Effect.flip(write(add("a"))))
      yield* refuseWhileFull
    }).pipe(Effect.provide(layerOf(false))),
  )
})
