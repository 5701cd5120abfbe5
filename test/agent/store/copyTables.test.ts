import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { type CopiedTable, copyTables } from "../../../src/agent/store/copyTables.ts"
import * as Store from "../../../src/agent/store/Store.ts"

const open = Effect.map(Layer.build(Layer.fresh(Store.layerMemory)), Context.get(SqlClient))

const addQuarantines = (sql: SqlClient, count: number) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => `plugin-${index}`),
    (plugin) => sql`INSERT INTO quarantines (plugin, restarts, reason, at) VALUES (${plugin}, 1, 'it''s', 5)`,
    { discard: true },
  )

const rowsIn = (sql: SqlClient, table: string) => sql`SELECT * FROM ${sql(table)} ORDER BY 1`

const quiet = () => Effect.void

describe("a copy of a state", () => {
  it.effect("has every row, of many pages too, under a later epoch and without a holder", () =>
    Effect.gen(function* () {
      const [from, to] = [yield* open, yield* open]
      yield* addQuarantines(from, 1_201)
      yield* from`UPDATE state_ownership SET epoch = 7, owner = 'one', pid = 1, kind = 'lock', host = 'h', since = 1`
      yield* from`INSERT INTO holders (name, epoch, runner, since) VALUES ('forma shop', 4, 'agent-1@h', 1)`
      yield* from`
        INSERT INTO claims (id, ticket, holder, epoch, runner, since, documents, granted)
        VALUES ('c', 1, 'forma shop', 4, 'agent-1@h', 1, '[]', 1)`
      const told: Array<CopiedTable> = []
      const copied = yield* copyTables(from, to, (one) => Effect.sync(() => told.push(one)))
      assert.deepEqual(told, copied)
      assert.deepInclude(copied, { table: "quarantines", rows: 1_201 })
      assert.deepEqual(yield* rowsIn(to, "quarantines"), yield* rowsIn(from, "quarantines"))
      const nobody = { owner: null, pid: null, kind: null, host: null, since: null }
      assert.deepInclude((yield* rowsIn(to, "state_ownership"))[0], { epoch: 8, ...nobody })
      assert.deepInclude((yield* rowsIn(to, "holders"))[0], { epoch: 5, runner: null })
      assert.deepEqual(yield* rowsIn(to, "claims"), [])
    }),
  )

  it.effect("is not made where something is, and is undone where a row of it is not the same", () =>
    Effect.gen(function* () {
      const [from, to] = [yield* open, yield* open]
      yield* addQuarantines(to, 1)
      const used = yield* Effect.flip(copyTables(from, to, quiet))
      assert.include(used.message, "there is something in the target already, in the table quarantines")
      assert.lengthOf(yield* rowsIn(to, "quarantines"), 1)

      const other = yield* open
      yield* addQuarantines(from, 3)
      yield* other`
        CREATE TRIGGER spoilt AFTER INSERT ON quarantines WHEN NEW.plugin = 'plugin-1'
        BEGIN UPDATE quarantines SET restarts = 2 WHERE plugin = NEW.plugin; END`
      const different = yield* Effect.flip(copyTables(from, other, quiet))
      assert.include(different.message, "row 2 of the table quarantines is not the same in the copy")
      assert.deepEqual(yield* rowsIn(other, "quarantines"), [])
    }),
  )
})
