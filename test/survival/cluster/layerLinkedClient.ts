/** A client of the state for one runner, which goes through its link. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import { makeCompilerSqlite } from "effect/sql/Statement"
import type { Link } from "../../cluster/TestNetwork.ts"

const lost = (cause: unknown) =>
  new SqlError({ reason: new ConnectionError({ message: "the database is not reached", operation: "execute", cause }) })

/** A connection of which nothing is left but to roll back, once it is lost. */
const untilLost = (connection: Connection, isLost: () => boolean): Connection => {
  const unlessLost =
    <Rest extends ReadonlyArray<unknown>, A>(execute: (sql: string, ...rest: Rest) => Effect.Effect<A, SqlError>) =>
    (sql: string, ...rest: Rest) =>
      Effect.suspend(() =>
        isLost() && !sql.startsWith("ROLLBACK") ? Effect.fail(lost("its session was ended")) : execute(sql, ...rest),
      )
  return {
    ...connection,
    execute: unlessLost(connection.execute),
    executeRaw: unlessLost(connection.executeRaw),
    executeValues: unlessLost(connection.executeValues),
    executeValuesUnprepared: unlessLost(connection.executeValuesUnprepared),
    executeUnprepared: unlessLost(connection.executeUnprepared),
  }
}

/**
 * Its statements and transactions begin through the link. As a server does, it
 * ends the transactions of a runner that is gone: those that have begun before
 * `losses` has grown.
 */
export const layerLinkedClient = (
  link: Link,
  shared: SqlClient.SqlClient,
  losses: () => number,
): Layer.Layer<SqlClient.SqlClient> =>
  Layer.effect(
    SqlClient.SqlClient,
    SqlClient.make({
      acquirer: link.through(shared.reserve).pipe(
        Effect.catchTag("LinkCut", (cause) => Effect.fail(lost(cause))),
        Effect.map((connection) => {
          const before = losses()
          return untilLost(connection, () => losses() > before)
        }),
      ),
      onCommitFailure: (connection) => Effect.asVoid(connection.executeUnprepared("ROLLBACK", [], undefined)),
      compiler: makeCompilerSqlite(),
      driver: "node-sqlite",
      spanAttributes: [],
      beginTransaction: "BEGIN IMMEDIATE",
    }),
  ).pipe(Layer.provide(Reactivity.layer))
