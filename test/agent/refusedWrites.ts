/** Makes a database refuse some writes, as it may in the middle of a transaction. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** Runs `use` while each write of a kind to a table fails. `on` is as in a trigger: `INSERT`, `UPDATE OF label`. */
export const whileRefused = Effect.fnUntraced(function* <A, E, R>(
  { on, table }: { readonly on: string; readonly table: string },
  use: Effect.Effect<A, E, R>,
) {
  const sql = yield* SqlClient.SqlClient
  const [event, name] = [sql.literal(on), sql.literal(table)]
  yield* sql.onDialectOrElse({
    pg: () =>
      Effect.andThen(
        sql`
          CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'refused'; END $$`,
        sql`CREATE TRIGGER refused BEFORE ${event} ON ${name} FOR EACH ROW EXECUTE FUNCTION refuse()`,
      ),
    orElse: () => sql`CREATE TRIGGER refused BEFORE ${event} ON ${name} BEGIN SELECT RAISE(ABORT, 'refused'); END`,
  })
  const result = yield* use
  yield* sql.onDialectOrElse({
    pg: () => sql`DROP TRIGGER refused ON ${name}`,
    orElse: () => sql`DROP TRIGGER refused`,
  })
  return result
})
