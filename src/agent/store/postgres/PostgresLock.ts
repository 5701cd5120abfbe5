/** The lock of a state on Postgres: one that the server keeps for a session, and gives back when the session ends. */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import { AgentProcesses } from "../AgentProcesses.ts"
import { FileRefused } from "../FileRefused.ts"
import { isProcessThere } from "../StateHolder.ts"
import { StateLock } from "../StateLock.ts"
import { earlierAtWork } from "./PostgresTrouble.ts"

/** One lock for each schema of a database, as an expression of SQL. An agent takes it alone, and runners share it. */
export const lockKey = "hashtextextended('formae lock ' || current_schema(), 0)"

/** The longest lease of a runner, in milliseconds: so long may it act that has said that it is there. */
const longestLeaseMillis = 12_000

/** The runners that may act on this state now. After a restart of the server their lock is gone before they are. */
const runnersOf = (session: Pick<Connection, "executeValues">): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.gen(function* () {
    const [table] = yield* session.executeValues("SELECT to_regclass('cluster_runners') IS NOT NULL", [])
    if (table?.[0] !== true) return []
    const runners = yield* session.executeValues(
      `SELECT address FROM cluster_runners
        WHERE last_heartbeat > LOCALTIMESTAMP - ${longestLeaseMillis} * INTERVAL '1 millisecond'
        ORDER BY address COLLATE "C"`,
      [],
    )
    return runners.map(([address]) => String(address))
  })

/**
 * For a transaction: keeps every agent and every runner away until it ends. Fails where one works on the state, with
 * the runners as far as they are known.
 */
export const keepAway = SqlClient.use((sql) =>
  Effect.gen(function* () {
    const runners = yield* runnersOf({ executeValues: (text, values) => sql.unsafe(text, values).values })
    const [row] = yield* sql.unsafe(`SELECT pg_try_advisory_xact_lock(${lockKey})`).values
    if (runners.length > 0 || row?.[0] !== true) return yield* new FileRefused(earlierAtWork(runners))
  }),
)

/** `layerLock` with the processes open. */
export const layerLockNoDeps = (schema: string): Layer.Layer<StateLock, never, AgentProcesses | SqlClient> =>
  Layer.effect(
    StateLock,
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const processes = yield* AgentProcesses
      return StateLock.of({
        name: `the lock of the schema ${schema} on the server`,
        kind: "session",
        take: () =>
          Effect.gen(function* () {
            // Kept until the scope closes: the lock belongs to this session.
            const session = yield* sql.reserve
            const areThere = Effect.map(runnersOf(session), Arr.isReadonlyArrayNonEmpty)
            // Before the lock: a runner that starts just then would find it taken by one that is refused.
            if (yield* areThere) return false
            const [row] = yield* session.executeValues(`SELECT pg_try_advisory_lock(${lockKey})`, [])
            if (row?.[0] !== true) return false
            // A session that was lost has given its lock back already.
            yield* Effect.addFinalizer(() =>
              Effect.ignore(session.executeValues(`SELECT pg_advisory_unlock(${lockKey})`, [])),
            )
            return !(yield* areThere)
          }),
        runners: Effect.scoped(Effect.flatMap(sql.reserve, runnersOf)),
        isTaken: Effect.map(
          sql`
            SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND ((classid::bigint << 32) | objid::bigint) = ${sql.literal(lockKey)}`,
          (rows) => rows.length > 0,
        ),
        // One of another kind has held the state through a client of a host, or before it was copied here.
        mayBeThere: (holder) => (holder.kind === "process" ? isProcessThere(processes, holder) : Effect.succeed(false)),
      })
    }),
  )

/** The lock of a state in a schema. It needs sessions that stay, which a pooler of transactions does not give. */
export const layerLock = (schema: string): Layer.Layer<StateLock, never, SqlClient> =>
  layerLockNoDeps(schema).pipe(Layer.provide(AgentProcesses.layer))
