/**
 * The step by which things of a long id are found on Postgres, where a row of an
 * ordered index holds 2,704 bytes at most: an id longer than that could not be
 * written, though the thing was made. SQLite has no such limit.
 */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

export const findLongIds = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql.onDialectOrElse({
    pg: () =>
      Effect.gen(function* () {
        yield* sql`DROP INDEX resources_identity`
        yield* sql`DROP INDEX resources_native_id`
        yield* sql`CREATE UNIQUE INDEX resources_identity ON resources (type, md5(place), md5(native_id))`
        yield* sql`CREATE INDEX resources_native_id ON resources USING hash (native_id)`
      }),
    orElse: () => Effect.void,
  })
})
