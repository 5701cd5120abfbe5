import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { makeWords, together } from "./words.ts"

const letters = Array.from("abcdefghijklmnop")

/** A write that has no end, and what tells that it has begun. */
const makeEndless = <E, R>(insert: (word: string) => Effect.Effect<unknown, E, R>) =>
  Effect.map(Deferred.make<void>(), (begun) => ({
    begun,
    endless: Effect.andThen(insert("endless"), Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)),
  }))

describe("writes that wait at the same moment", () => {
  it.effect("are one transaction, and each is in the file when it ends", () =>
    Effect.gen(function* () {
      const { add, seen, transactions } = yield* makeWords()
      const exits = yield* together(
        letters.map((word) =>
          Effect.andThen(
            add(word),
            Effect.sync(() => seen().includes(word)),
          ),
        ),
      )
      assert.deepEqual(
        exits,
        letters.map(() => Exit.succeed(true)),
      )
      assert.strictEqual(transactions(), 1)
      assert.deepEqual(seen(), letters)
    }),
  )

  it.effect("gather while another process keeps the file", () =>
    Effect.gen(function* () {
      const { add, other, seen, transactions } = yield* makeWords()
      other.exec("BEGIN IMMEDIATE")
      const writing: Array<Fiber.Fiber<unknown, unknown>> = []
      for (const word of ["a", "b", "c"]) {
        writing.push(yield* Effect.forkChild(add(word), { startImmediately: true }))
        yield* TestClock.adjust("20 millis")
      }
      other.exec("COMMIT")
      yield* withPassingTime(Fiber.awaitAll(writing))
      assert.deepEqual(seen(), ["a", "b", "c"])
      assert.strictEqual(transactions(), 1)
    }),
  )

  it.effect("keep their order, and one that comes while they are made is in the next transaction", () =>
    Effect.gen(function* () {
      const { add, insert, seen, transactions, write } = yield* makeWords()
      const begun = yield* Deferred.make<void>()
      const order: Array<string> = []
      const noting = (word: string) =>
        write(
          Effect.andThen(
            insert(word),
            Effect.andThen(
              Deferred.succeed(begun, undefined),
              Effect.sync(() => order.push(word)),
            ),
          ),
        )
      const late = yield* Effect.forkChild(Effect.andThen(Deferred.await(begun), add("late")), {
        startImmediately: true,
      })
      yield* together([noting("first"), noting("second")])
      yield* Fiber.join(late)
      assert.deepEqual(order, ["first", "second"])
      assert.deepEqual(seen(), ["first", "late", "second"])
      assert.strictEqual(transactions(), 2)
    }),
  )
})

describe("a write of a group", () => {
  it.effect("that fails undoes itself alone, whatever it did, and says why", () =>
    Effect.gen(function* () {
      const { add, insert, seen, transactions, write } = yield* makeWords()
      const [kept, failed, died, also] = yield* together<unknown, unknown>([
        add("a"),
        write(Effect.andThen(insert("b"), Effect.fail("no"))),
        write(Effect.andThen(insert("c"), Effect.die("never"))),
        add("d"),
      ])
      assert.deepEqual([failed, died], [Exit.fail("no"), Exit.die("never")])
      assert.isTrue(kept !== undefined && Exit.isSuccess(kept) && also !== undefined && Exit.isSuccess(also))
      assert.deepEqual(seen(), ["a", "d"])
      assert.strictEqual(transactions(), 1)
    }),
  )

  it.effect("that fails alone commits nothing", () =>
    Effect.gen(function* () {
      const { insert, seen, transactions, write } = yield* makeWords()
      assert.strictEqual(yield* Effect.flip(write(Effect.andThen(insert("a"), Effect.fail("no")))), "no")
      assert.deepEqual(seen(), [])
      assert.strictEqual(transactions(), 0)
    }),
  )

  it.effect("fails with all others where the COMMIT fails, and the next one does not", () =>
    Effect.gen(function* () {
      const { add, seen, sql, write } = yield* makeWords()
      const exits = yield* together<unknown, unknown>([
        add("a"),
        write(sql`INSERT INTO words (word, after) VALUES ('b', 'nothing')`),
        // Its reason is gone too: the word that it found was never committed.
        add("a"),
      ])
      for (const exit of exits) assert.include(String(exit), "FOREIGN KEY constraint failed")
      assert.deepEqual(seen(), [])
      yield* add("c")
      assert.deepEqual(seen(), ["c"])
    }),
  )

  it.effect("that is interrupted before its turn is not made, and the others are", () =>
    Effect.gen(function* () {
      const { add, insert, seen, write } = yield* makeWords()
      const begun = yield* Deferred.make<void>()
      const resume = yield* Deferred.make<void>()
      const slow = Effect.andThen(
        insert("slow"),
        Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(resume)),
      )
      const first = yield* Effect.forkChild(write(slow), { startImmediately: true })
      const waiting = yield* Effect.forkChild(add("interrupted"), { startImmediately: true })
      const last = yield* Effect.forkChild(add("last"), { startImmediately: true })
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(waiting)
      yield* Deferred.succeed(resume, undefined)
      yield* Fiber.joinAll([first, last])
      assert.deepEqual(seen(), ["last", "slow"])
    }),
  )

  it.effect("that is interrupted in the middle undoes itself alone", () =>
    Effect.gen(function* () {
      const { add, insert, seen, write } = yield* makeWords()
      const { begun, endless } = yield* makeEndless(insert)
      const first = yield* Effect.forkChild(add("first"), { startImmediately: true })
      const interrupted = yield* Effect.forkChild(write(endless), { startImmediately: true })
      const last = yield* Effect.forkChild(add("last"), { startImmediately: true })
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(interrupted)
      yield* Fiber.joinAll([first, last])
      assert.deepEqual(seen(), ["first", "last"])
    }),
  )
})

describe("a group that nobody waits for any more", () => {
  it.effect("is rolled back, what was written already too, and the file is free", () =>
    Effect.gen(function* () {
      const { add, insert, seen, write } = yield* makeWords()
      const { begun, endless } = yield* makeEndless(insert)
      const fibers = yield* Effect.forEach([add("done"), write(endless), add("waits")], (one) =>
        Effect.forkChild(one as Effect.Effect<unknown, unknown>, { startImmediately: true }),
      )
      yield* Deferred.await(begun)
      yield* Fiber.interruptAll(fibers)
      assert.deepEqual(seen(), [])
      yield* add("next")
      assert.deepEqual(seen(), ["next"])
    }),
  )

  it.effect("does not begin, where it waited for another process", () =>
    Effect.gen(function* () {
      const { add, other, seen } = yield* makeWords()
      other.exec("BEGIN IMMEDIATE")
      const writing = yield* Effect.forkChild(add("a"), { startImmediately: true })
      yield* TestClock.adjust("20 millis")
      yield* Fiber.interrupt(writing)
      other.exec("COMMIT")
      yield* TestClock.adjust("20 millis")
      yield* add("b")
      assert.deepEqual(seen(), ["b"])
    }),
  )
})

describe("what a transaction begins with", () => {
  it.effect("is run once for a group, and where it fails nothing is written", () =>
    Effect.gen(function* () {
      let begun = 0
      let isAllowed = true
      const begin = Effect.suspend(() => {
        begun += 1
        return isAllowed ? Effect.void : Effect.fail("taken" as const)
      })
      const { add, insert, seen, write } = yield* makeWords(begin)
      // A write inside of another one is part of it.
      yield* together<unknown, unknown>([write(Effect.andThen(insert("a"), add("b"))), add("c")])
      assert.strictEqual(begun, 1)
      isAllowed = false
      const exits = yield* together<unknown, unknown>([add("d"), write(Effect.die("it was written"))])
      assert.deepEqual(exits, [Exit.fail("taken"), Exit.fail("taken")])
      assert.deepEqual(seen(), ["a", "b", "c"])
    }),
  )

  it.effect("is run for a write in a transaction of its caller, which waits for no group", () =>
    Effect.gen(function* () {
      let begun = 0
      const { add, seen, sql } = yield* makeWords(Effect.sync(() => void (begun += 1)))
      yield* together<unknown, unknown>([sql.withTransaction(Effect.andThen(add("a"), add("b"))), add("c")])
      assert.strictEqual(begun, 3)
      assert.deepEqual(seen(), ["a", "b", "c"])
    }),
  )
})
