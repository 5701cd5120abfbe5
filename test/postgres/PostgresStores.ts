/** Stores in schemas of a server of the tests. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as TestClock from "effect/testing/TestClock"
import type { StateLock } from "../../src/agent/store/StateLock.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { tableNames } from "../../src/agent/store/StoreTables.ts"
import type { TestPostgres } from "./startPostgres.ts"

interface Opened {
  readonly context: Context.Context<SqlClient | StateLock>
  readonly first: Rows
}

let made = 0

/** A name that no schema of this process has. */
export const newSchema = (): string => `state_${++made}`

/** The store in a schema. Its connections are kept by the real time, also under a TestClock: they are real. */
export const layerIn = (server: TestPostgres, schema: string): Layer.Layer<SqlClient | StateLock> =>
  Layer.effectContext(
    inRealTime(
      Layer.build(Layer.fresh(Layer.orDie(Store.layerPostgres({ url: Redacted.make(server.urlOf(schema)) })))),
    ),
  )

const inRealTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Clock.Clock, (clock) =>
    Predicate.hasProperty(clock, "withLive") ? TestClock.withLive(effect) : effect,
  )

type Rows = ReadonlyArray<readonly [table: string, rows: ReadonlyArray<Record<string, unknown>>]>

const migrations = "formae_migrations"

/** What the steps of the migrations have put into the tables. */
const readAll: Effect.Effect<Rows, SqlError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  const tables = (yield* tableNames).filter((table) => table !== migrations)
  return yield* Effect.forEach(tables, (table) =>
    Effect.map(sql<Record<string, unknown>>`SELECT * FROM ${sql(table)}`, (rows) => [table, rows] as const),
  )
})

/** Makes the tables what they were. */
const reset = Effect.fnUntraced(function* (first: Rows) {
  const sql = yield* SqlClient
  const known = new Set([migrations, ...first.map(([table]) => table)])
  const ofTests = (yield* tableNames).filter((table) => !known.has(table))
  yield* Effect.forEach(ofTests, (table) => sql`DROP TABLE ${sql(table)}`)
  for (const [table, rows] of first) {
    yield* sql`DELETE FROM ${sql(table)}`
    if (Arr.isReadonlyArrayNonEmpty(rows)) yield* sql`INSERT INTO ${sql(table)} ${sql.insert(rows)}`
  }
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
  const open = Effect.gen(function* () {
    const context = yield* Scope.provide(Layer.build(layerIn(server, newSchema())), scope)
    return { context, first: yield* Effect.provideContext(readAll, context) }
  }).pipe(Effect.orDie)
  const take = Effect.suspend(() => {
    const found = free.pop()
    return found === undefined ? open : Effect.succeed(found)
  })
  const giveBack = (store: Opened) =>
    Effect.andThen(
      Effect.orDie(Effect.provideContext(reset(store.first), store.context)),
      Effect.sync(() => free.push(store)),
    )
  return {
    layer: Layer.effectContext(Effect.map(Effect.acquireRelease(take, giveBack), ({ context }) => context)),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}

/** Runs something as the role that may do everything. */
export const asAdministrator = <A, E>(server: TestPostgres, use: (sql: SqlClient) => Effect.Effect<A, E>) =>
  Effect.provide(SqlClient.use(use), Layer.fresh(Layer.orDie(PgClient.layer({ url: Redacted.make(server.adminUrl) }))))
