/** Stores in schemas of a server of the tests. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as TestClock from "effect/testing/TestClock"
import type { StateLock } from "../../src/agent/store/StateLock.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { tableNames } from "../../src/agent/store/StoreTables.ts"
import type { TestPostgres } from "./startPostgres.ts"

type Opened = Context.Context<SqlClient | StateLock>

let made = 0

/** A name that no schema of this process has. */
export const newSchema = (): string => `state_${++made}`

/** The store in a schema. Its connections are kept by the real time, also under a TestClock: they are real. */
export const layerIn = (server: TestPostgres, schema: string): Layer.Layer<SqlClient | StateLock> =>
  Layer.effectContext(
    TestClock.withLive(
      Layer.build(Layer.fresh(Layer.orDie(Store.layerPostgres({ url: Redacted.make(server.urlOf(schema)) })))),
    ),
  )

/** What the steps of the migrations have put into the tables. */
const firstRows = ["INSERT INTO state_ownership (id, epoch) VALUES (1, 0)"]
const kept: ReadonlySet<string> = new Set(["formae_migrations"])

const empty: Effect.Effect<void, SqlError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  const tables = (yield* tableNames).filter((table) => !kept.has(table))
  yield* Effect.forEach(tables, (table) => sql`DELETE FROM ${sql(table)}`)
  yield* Effect.forEach(firstRows, (row) => sql.unsafe(row))
})

export interface PostgresStores {
  /** An empty store in a schema that no other test uses meanwhile. */
  readonly layer: Layer.Layer<SqlClient | StateLock>
  /** Closes the connections. */
  readonly close: () => Promise<void>
}

/** Makes stores whose tables are used again, because to make them takes longer than most tests. */
export const makePostgresStores = (server: TestPostgres): PostgresStores => {
  const scope = Scope.makeUnsafe()
  const free: Array<Opened> = []
  const open = Effect.suspend(() => Scope.provide(Layer.build(layerIn(server, newSchema())), scope))
  const take = Effect.suspend(() => {
    const found = free.pop()
    return found === undefined ? open : Effect.succeed(found)
  })
  const giveBack = (store: Opened) =>
    Effect.andThen(
      Effect.orDie(Effect.provideContext(empty, store)),
      Effect.sync(() => free.push(store)),
    )
  return {
    layer: Layer.effectContext(Effect.acquireRelease(take, giveBack)),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}
