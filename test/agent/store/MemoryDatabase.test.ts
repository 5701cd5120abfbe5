import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import * as MemoryDatabase from "../../../src/agent/store/MemoryDatabase.ts"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import { migrate } from "../../../src/agent/store/StoreTables.ts"

/** The schema, and the rows of each table. */
const contentOf = Effect.gen(function* () {
  const sql = yield* SqlClient
  const schema = yield* sql`SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name`.values
  const tables = schema.flatMap(([type, name]) => (type === "table" ? [String(name)] : []))
  const rows = yield* Effect.forEach(tables, (table) =>
    Effect.map(sql`SELECT * FROM ${sql(table)}`, (all) =>
      // When a step was taken is another time each time.
      all.map((row) => [table, { ...row, created_at: undefined }] as const),
    ),
  )
  return { schema, rows: rows.flat() }
})

const layerMigrated = Layer.provideMerge(Layer.effectDiscard(migrate), NodeSqlite.layer({ filename: ":memory:" }))

describe("a database in memory", () => {
  it.effect("is what the migrations make, be it the first of a process or a later one", () =>
    Effect.gen(function* () {
      const expected = yield* Effect.provide(contentOf, layerMigrated)
      assert.include(
        expected.rows.map(([table]) => table),
        "state_ownership",
      )
      for (let count = 0; count < 3; count += 1) {
        assert.deepEqual(yield* Effect.provide(contentOf, Layer.fresh(MemoryDatabase.layer)), expected)
      }
    }),
  )

  it.effect("has nothing of what was written to another one", () =>
    Effect.gen(function* () {
      const write = SqlClient.use(
        (sql) => sql`INSERT INTO quarantines (plugin, restarts, reason, at) VALUES ('p', 1, '', 0)`,
      )
      const plugins = SqlClient.use((sql) => sql`SELECT plugin FROM quarantines`.values)
      const written = Effect.andThen(write, plugins)
      assert.deepEqual(yield* Effect.provide(written, Layer.fresh(MemoryDatabase.layer)), [["p"]])
      assert.deepEqual(yield* Effect.provide(plugins, Layer.fresh(MemoryDatabase.layer)), [])
    }),
  )
})
