/** What a server of Postgres may be, and what is then said. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { lastMigration } from "../../../../src/agent/store/migrations.ts"
import * as Store from "../../../../src/agent/store/Store.ts"
import { asAdministrator, newSchema } from "../../../postgres/PostgresStores.ts"
import { password, type TestPostgres } from "../../../postgres/startPostgres.ts"

const open = (url: string) => Layer.build(Layer.fresh(Store.layerPostgres({ url: Redacted.make(url) })))

/** Why a state is refused, as it is said. */
const refusalOf = (url: string) =>
  Effect.scoped(open(url)).pipe(
    Effect.flip,
    Effect.map((error) => {
      assert.notInclude(`${error.message} ${JSON.stringify(error)} ${String(error.stack)}`, password)
      return error
    }),
  )

export const refusals = (server: TestPostgres) =>
  describe("a state on Postgres is refused", () => {
    const url = server.urlOf("refused")

    it.live.each([
      [
        "Unreachable",
        url.replace("host=", "host=/nowhere"),
        /: the server cannot be reached \(.*ENOENT.*Check that it runs/,
      ],
      ["NotReadable", url.replace(password, "wrong"), /: the server refuses this role or its password \(.*PGPASSWORD/],
      ["Unreachable", url.replace("/states?", "/none?"), /database "none" does not exist.*Make the database, or/],
      ["Unreachable", url.replace("localhost", "local:host"), /: it is not an address of the form postgres:/],
    ] as const)("where it cannot be opened: %s", ([condition, address, says]) =>
      Effect.gen(function* () {
        const error = yield* refusalOf(address)
        assert.strictEqual(error.condition, condition)
        assert.match(error.message, says)
        assert.match(error.message, /^The state postgres:\/\/.* cannot be used: .*Nothing was changed\. /)
      }),
    )

    it.live(
      "to a role that has no schema and may make none, and works for one that has its schema and no other right",
      () =>
        Effect.gen(function* () {
          const [schema, role] = [newSchema(), `guest_${newSchema()}`]
          const address = server.urlOf(schema).replace("shop:", `${role}:`)
          yield* asAdministrator(server, (sql) => sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`))
          const error = yield* refusalOf(address)
          assert.strictEqual(error.condition, "NotWritable")
          assert.include(
            error.message,
            `Ask an administrator of the database to run: CREATE SCHEMA "${schema}" AUTHORIZATION "${role}"`,
          )
          yield* asAdministrator(server, (sql) => sql.unsafe(`CREATE SCHEMA "${schema}" AUTHORIZATION "${role}"`))
          yield* Effect.scoped(open(address))
          yield* Effect.scoped(open(address))
        }),
    )

    it.live("where its schema has tables of another program or of a later version", () =>
      Effect.gen(function* () {
        const foreign = newSchema()
        yield* asAdministrator(server, (sql) =>
          Effect.andThen(
            sql.unsafe(`CREATE SCHEMA ${foreign} AUTHORIZATION shop`),
            sql.unsafe(`CREATE TABLE ${foreign}.pets (id int)`),
          ),
        )
        const error = yield* refusalOf(server.urlOf(foreign))
        assert.strictEqual(error.condition, "Foreign")
        assert.include(error.message, `the schema "${foreign}" has tables of another program`)
        assert.include(error.message, "add ?schema=NAME to its address")

        const later = newSchema()
        yield* Effect.scoped(
          Effect.flatMap(open(server.urlOf(later)), (context) =>
            SqlClient.use(
              (sql) => sql`INSERT INTO formae_migrations (migration_id, name) VALUES (${lastMigration + 1}, 'later')`,
            ).pipe(Effect.provideContext(context)),
          ),
        )
        assert.deepInclude(yield* refusalOf(server.urlOf(later)), {
          condition: "LaterVersion",
          remedy: "Upgrade formae",
        })
      }),
    )
  })
