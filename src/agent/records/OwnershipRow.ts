/**
 * The row of the state that names its holder. Each statement changes only the
 * row that was read before it: the database decides a race.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { makeGroupCommit, type WriteInGroup } from "../store/GroupCommit.ts"
import { StateHolder } from "../store/StateHolder.ts"
import { StateTaken } from "./StateTaken.ts"

export interface OwnershipRow {
  /** Grows with each holder. */
  readonly epoch: number
  readonly holder: StateHolder | undefined
}

/** What a holder knows of itself. */
export interface RowHolding {
  readonly epoch: number
  /** The `owner` of its `StateHolder`. A row that was deleted and made again may have the same epoch. */
  readonly owner: string
}

/** Ends what an agent held alone that has lost its lock: it writes nothing more. For the agent that has the lock now. */
export const endAlone = (sql: SqlClient.SqlClient): Effect.Effect<void, SqlError> =>
  Effect.asVoid(sql`
    UPDATE state_ownership SET
      epoch = epoch + 1, owner = NULL, kind = NULL, pid = NULL, host = NULL, process_start = NULL, since = NULL
    WHERE owner IS NOT NULL`)

export const makeOwnershipRow = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient

  /** Undefined where the row was deleted. */
  const read: Effect.Effect<OwnershipRow | undefined, SqlError> = Effect.gen(function* () {
    const found = yield* sql`
      SELECT epoch, owner, kind, pid, host, process_start AS "start", since FROM state_ownership WHERE id = 1`
    const [row] = yield* Effect.orDie(decodeRows(found))
    if (row === undefined) return undefined
    return { epoch: row.epoch, holder: row.owner === null ? undefined : row }
  })

  /** Reads the row, and makes it where it was deleted. */
  const ensure: Effect.Effect<OwnershipRow & { readonly isNew: boolean }, SqlError> = Effect.gen(function* () {
    const before = yield* read
    if (before !== undefined) return { ...before, isNew: false }
    yield* sql`INSERT INTO state_ownership (id, epoch) VALUES (1, 0) ON CONFLICT (id) DO NOTHING`
    return { epoch: 0, holder: undefined, isNew: true }
  })

  /** Counts the epoch up, and writes the next holder. False where the row has changed meanwhile. */
  const replace = ({ epoch, holder }: OwnershipRow, next: StateHolder | undefined): Effect.Effect<boolean, SqlError> =>
    Effect.map(
      sql`
        UPDATE state_ownership SET
          epoch = ${epoch + 1}, owner = ${next?.owner ?? null}, kind = ${next?.kind ?? null}, pid = ${next?.pid ?? null},
          host = ${next?.host ?? null}, process_start = ${next?.start ?? null}, since = ${next?.since ?? null}
        WHERE id = 1 AND epoch = ${epoch} AND COALESCE(owner, '') = ${holder?.owner ?? ""}
        RETURNING epoch`,
      (changed) => changed.length > 0,
    )

  /** Removes the holder `owner`, if the row still names it. */
  const clear = (owner: string): Effect.Effect<void, SqlError> =>
    Effect.asVoid(sql`
      UPDATE state_ownership SET
        owner = NULL, kind = NULL, pid = NULL, host = NULL, process_start = NULL, since = NULL
      WHERE id = 1 AND owner = ${owner}`)

  /** An update that changes nothing: the row stays locked until the transaction ends, so that nobody takes over in the middle of it. */
  const check = Effect.fnUntraced(function* ({ epoch, owner }: RowHolding) {
    const mine = yield* sql`
      UPDATE state_ownership SET epoch = epoch WHERE id = 1 AND epoch = ${epoch} AND owner = ${owner} RETURNING epoch`
    if (mine.length > 0) return
    const holder = (yield* read)?.holder
    if (holder === undefined) return yield* new StateTaken({ epoch })
    const { host, pid, since } = holder
    return yield* new StateTaken({ epoch, pid, host, since })
  })

  /** Makes writes in one transaction if the row still names this holder, and fails with `StateTaken` where it does not. */
  const under = (holding: RowHolding): WriteInGroup<SqlError | StateTaken> => makeGroupCommit(sql, check(holding))

  return { read, ensure, replace, clear, under }
})

const EmptyRow = Schema.Struct({ epoch: Schema.Int, owner: Schema.Null })
const HeldRow = Schema.Struct({ epoch: Schema.Int, ...StateHolder.fields })
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Schema.Union([EmptyRow, HeldRow])))
