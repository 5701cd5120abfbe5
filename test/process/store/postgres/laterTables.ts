/** Tables of an earlier version, which are brought to this one. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { lastMigration, migrations } from "../../../../src/agent/store/migrations.ts"
import { layerClient } from "../../../../src/agent/store/postgres/PostgresClient.ts"
import { lockKey } from "../../../../src/agent/store/postgres/PostgresLock.ts"
import * as Store from "../../../../src/agent/store/Store.ts"
import { migrationsTable, reachedStep } from "../../../../src/agent/store/StoreTables.ts"
import { newSchema } from "../../../postgres/PostgresStores.ts"
import type { TestPostgres } from "../../../postgres/startPostgres.ts"

const earlier = Migrator.fromRecord(Object.fromEntries(Object.entries(migrations).slice(0, -1)))

export const laterTables = (server: TestPostgres) =>
  describe("a state on Postgres of an earlier version", () => {
    it.live("is changed for this one once no agent and no runner works on it any more", () =>
      Effect.gen(function* () {
        const schema = newSchema()
        const url = Redacted.make(server.urlOf(schema))
        const context = yield* Layer.build(Layer.fresh(layerClient({ url, schema })))
        const sql = Context.get(context, SqlClient)
        yield* sql`CREATE SCHEMA ${sql(schema)}`
        yield* Effect.provideContext(Migrator.make({})({ loader: earlier, table: migrationsTable }), context)
        const reached = Effect.provideContext(reachedStep, context)
        const open = Effect.scoped(Layer.build(Layer.fresh(Store.layerPostgres({ url }))))
        const isRefused = Effect.fnUntraced(function* (says: string) {
          const { condition, message } = yield* Effect.flip(open)
          assert.strictEqual(condition, "NotWritable")
          assert.include(message, says)
          assert.include(message, "Stop all agents and runners of the earlier version, and run this again")
          assert.isBelow((yield* reached) ?? 0, lastMigration)
        })

        yield* Effect.scoped(
          Effect.gen(function* () {
            const session = yield* sql.reserve
            yield* session.executeValues(`SELECT pg_advisory_lock_shared(${lockKey})`, [])
            yield* isRefused("an earlier version of formae works on it, and its tables have to be changed")
            yield* session.executeValues(`SELECT pg_advisory_unlock_shared(${lockKey})`, [])
          }),
        )
        // After a restart of the server, the lock of a runner is gone before the runner is.
        yield* sql`CREATE TABLE cluster_runners (address TEXT NOT NULL, last_heartbeat TIMESTAMP NOT NULL)`
        yield* sql`INSERT INTO cluster_runners VALUES ('127.0.0.1:7301', NOW())`
        yield* isRefused("works on it (the runners 127.0.0.1:7301), and its tables")
        yield* sql`UPDATE cluster_runners SET last_heartbeat = NOW() - INTERVAL '1 minute'`
        yield* open
        assert.strictEqual(yield* reached, lastMigration)
      }).pipe(Effect.scoped),
    )
  })
