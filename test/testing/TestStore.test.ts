import { assert, describe, it } from "@effect/vitest"
import { Store, Vault } from "formae/agent"
import { beforeCall, crash, fakePlugin, firstCalls, layerTestStore, makeTestStore, withFaults } from "formae/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { apply, layerAgent, makePages } from "./pages.ts"

const commandCount = SqlClient.use((sql) =>
  Effect.map(sql`SELECT count(*) FROM commands`.values, ([row]) => Number(row?.[0])),
)

/** Writes a row and locks a text. */
const leaveSomething = Effect.gen(function* () {
  const sql = yield* SqlClient
  yield* sql`INSERT INTO commands (command_id, command, forma, status, started_at)
             VALUES ('c1', 'apply', 'book', 'succeeded', 0)`
  return yield* Effect.flatMap(Vault, ({ lock }) => lock("hunter2"))
})

describe("a vault in memory", () => {
  const bytes = (text: string) => new TextEncoder().encode(text)

  it.effect("opens what it has locked, and nothing else; the secret is not in what it gives out", () =>
    Effect.gen(function* () {
      const vault = yield* Vault
      const [one, two] = [yield* vault.lock("hunter2"), yield* vault.lock("hunter2")]
      assert.notStrictEqual(one, two)
      assert.notInclude(one, "hunter2")
      assert.strictEqual(yield* vault.open(one), "hunter2")
      assert.strictEqual((yield* Effect.flip(vault.open("locked 7")))._tag, "VaultUnavailable")
    }).pipe(Effect.provide(layerTestStore)),
  )

  it.effect("recognizes a value by its MAC, under the same salt", () =>
    Effect.gen(function* () {
      const { fits, mac } = yield* Vault
      const made = yield* mac(bytes("salt"), bytes("hunter2"))
      assert.notInclude(new TextDecoder().decode(made), "hunter2")
      assert.isTrue(yield* fits(made, bytes("salt"), bytes("hunter2")))
      assert.isFalse(yield* fits(made, bytes("salt"), bytes("hunter3")))
      assert.isFalse(yield* fits(made, bytes("pepper"), bytes("hunter2")))
    }).pipe(Effect.provide(layerTestStore)),
  )

  it.effect("lets an apply take the same time of the test in each run", () =>
    Effect.gen(function* () {
      const times = yield* Effect.forEach([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], () => {
        const faulty = withFaults(makePages().plugin, beforeCall(firstCalls("Create", 2), crash()))
        return Effect.gen(function* () {
          const before = yield* Clock.currentTimeMillis
          assert.strictEqual((yield* apply("a", "b")).status, "succeeded")
          return (yield* Clock.currentTimeMillis) - before
        }).pipe(Effect.provide(layerAgent(fakePlugin(faulty)), { local: true }))
      })
      assert.deepEqual([...new Set(times)], [times[0]])
    }),
  )
})

describe("a store in memory", () => {
  it.effect("keeps its rows, and opens what was locked, for each effect that it is provided to", () =>
    Effect.gen(function* () {
      const store = yield* makeTestStore
      const locked = yield* Effect.provide(leaveSomething, store)
      assert.strictEqual(yield* Effect.provide(commandCount, store), 1)
      const opened = Effect.flatMap(Vault, ({ open }) => open(locked))
      assert.strictEqual(yield* Effect.provide(opened, store), "hunter2")
    }),
  )

  it.effect("rolls back a transaction that is interrupted, and can be used again", () =>
    Effect.gen(function* () {
      const store = yield* makeTestStore
      const inTransaction = SqlClient.use((sql) =>
        sql.withTransaction(Effect.andThen(leaveSomething, Effect.interrupt)),
      )
      assert.isTrue(Exit.hasInterrupts(yield* Effect.exit(Effect.provide(inTransaction, store))))
      assert.strictEqual(yield* Effect.provide(commandCount, store), 0)
      yield* Effect.provide(leaveSomething, store)
      assert.strictEqual(yield* Effect.provide(commandCount, store), 1)
    }),
  )

  it.effect("is a new one each time it is made, even where another is provided", () =>
    Effect.gen(function* () {
      yield* leaveSomething
      const store = yield* makeTestStore
      assert.strictEqual(yield* Effect.provide(commandCount, store), 0)
      assert.strictEqual(yield* Effect.provide(commandCount, yield* makeTestStore), 0)
      assert.strictEqual(yield* commandCount, 1)
    }).pipe(Effect.provide(Store.layerMemory)),
  )

  it.effect("ends with its scope", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const store = yield* Scope.provide(makeTestStore, scope)
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual((yield* Effect.flip(Effect.provide(commandCount, store)))._tag, "SqlError")
    }),
  )
})
