/** A connection to the server that is lost in the middle of a transaction. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import { makeGroupCommit } from "../../../../src/agent/store/GroupCommit.ts"
import { layerClient } from "../../../../src/agent/store/postgres/PostgresClient.ts"
import { isServerAway } from "../../../../src/agent/store/serverAway.ts"
import { asAdministrator, newSchema } from "../../../postgres/PostgresStores.ts"
import { password, type TestPostgres } from "../../../postgres/startPostgres.ts"
import { makeDatabaseProxy } from "../../cluster/DatabaseProxy.ts"

export const lostConnection = (server: TestPostgres) =>
  describe("a connection that is lost within a transaction", () => {
    const open = Effect.gen(function* () {
      const proxy = yield* makeDatabaseProxy(server.socketFolder)
      const schema = newSchema()
      const url = Redacted.make(server.urlOf(schema).replace(server.socketFolder, proxy.folder))
      const built = yield* Layer.build(Layer.fresh(layerClient({ url, schema })))
      return { proxy, sql: yield* Effect.provideContext(SqlClient.SqlClient, built) }
    })

    /** As it ends within a transaction, and within one of that. */
    const endsOf = <A, E>({ proxy, sql }: Effect.Success<typeof open>, end: Effect.Effect<A, E>) => {
      const lost = sql`SELECT 1`.pipe(Effect.andThen(proxy.cut), Effect.andThen(end))
      return Effect.forEach([lost, sql.withTransaction(lost)], (work) =>
        Effect.andThen(proxy.restore, Effect.exit(sql.withTransaction(work))),
      )
    }

    it.live("fails it with the error of a server that is not reached", () =>
      Effect.gen(function* () {
        const opened = yield* open
        const exits = [...(yield* endsOf(opened, Effect.void)), ...(yield* endsOf(opened, opened.sql`SELECT 1`))]
        for (const exit of exits) {
          const error = yield* Effect.flip(exit)
          assert.isTrue(isServerAway(error), String(error))
        }
      }).pipe(Effect.scoped),
    )

    it.live("ends as what has run in it, where that has failed before", () =>
      Effect.gen(function* () {
        const opened = yield* open
        for (const exit of yield* endsOf(opened, Effect.fail("refused"))) assert.deepEqual(exit, Exit.fail("refused"))
        for (const exit of yield* endsOf(opened, Effect.die("a fault"))) assert.deepEqual(exit, Exit.die("a fault"))
      }).pipe(Effect.scoped),
    )

    it.live("is that of a transaction which stands still, once the server has ended it", () =>
      Effect.gen(function* () {
        const { sql } = yield* open
        const still = sql`SET LOCAL idle_in_transaction_session_timeout = 1`.pipe(
          Effect.andThen(Effect.sleep("100 millis")),
          Effect.andThen(sql`SELECT 1`),
        )
        const error = yield* Effect.flip(sql.withTransaction(still))
        assert.isTrue(isServerAway(error), String(error))
      }).pipe(Effect.scoped),
    )

    it.live("is as one that a server does not take for now: it has none left, or is a standby", () =>
      Effect.gen(function* () {
        const schema = newSchema()
        const role = `few_${schema}`
        const administrate = (statement: string) => asAdministrator(server, (sql) => sql.unsafe(statement))
        yield* administrate(`CREATE ROLE ${role} LOGIN PASSWORD '${password}' CONNECTION LIMIT 1`)
        yield* administrate(`CREATE SCHEMA ${schema} AUTHORIZATION ${role}`)
        yield* administrate(`ALTER ROLE ${role} SET default_transaction_read_only = on`)
        const url = Redacted.make(server.urlOf(schema).replace("shop:", `${role}:`))
        const sql = Context.get(yield* Layer.build(Layer.fresh(layerClient({ url, schema }))), SqlClient.SqlClient)
        const standby = yield* Effect.flip(sql`CREATE TABLE here (id BIGINT)`)
        const full = yield* Effect.flip(sql.withTransaction(Effect.andThen(sql`SELECT 1`, Effect.scoped(sql.reserve))))
        for (const error of [standby, full]) assert.isTrue(isServerAway(error), String(error))
        assert.isFalse(isServerAway(yield* Effect.flip(sql`SELECT * FROM nothing`)))
      }).pipe(Effect.scoped),
    )

    it.live("is looked for by the server too, so that the locks of a host that is gone end with it", () =>
      Effect.gen(function* () {
        const { sql } = yield* open
        // Over a socket of this machine they have no value.
        const given = yield* sql`SELECT name FROM pg_settings WHERE name LIKE 'tcp_keepalives%' AND source = 'client'`
        assert.lengthOf(given, 3)
      }).pipe(Effect.scoped),
    )

    it.live("changes nothing where it is not lost", () =>
      Effect.gen(function* () {
        const { sql } = yield* open
        assert.deepEqual(yield* Effect.exit(sql.withTransaction(Effect.die("a fault"))), Exit.die("a fault"))
      }).pipe(Effect.scoped),
    )

    it.live("fails the writes of a group, and changes nothing for one that has written nothing", () =>
      Effect.gen(function* () {
        const { proxy, sql } = yield* open
        const write = makeGroupCommit(sql, Effect.void)
        const error = yield* Effect.flip(write(Effect.andThen(sql`SELECT 1`, proxy.cut)))
        assert.isTrue(isServerAway(error), String(error))
        yield* proxy.restore
        const refused = yield* Effect.flip(write(Effect.andThen(proxy.cut, Effect.fail("refused" as const))))
        assert.strictEqual(refused, "refused")
      }).pipe(Effect.scoped),
    )
  })
