/** When drift appeared, and when and how it went. */
import type * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { storable } from "../../protocol/Text.ts"
import { type CheckedRows, checkedRows } from "./CheckedRows.ts"
import { type JournalUnreadable, readRow, refuseDamaged } from "./JournalUnreadable.ts"

/** By what drift went: a sync has seen that it was set back elsewhere, an apply has set it back or seen so, or the resource was deleted. */
export const DriftEnd = Schema.Literals(["sync", "apply", "delete"])
export type DriftEnd = typeof DriftEnd.Type | never

/** One time that a place of a resource was not as it was wanted. */
export class PastDrift extends Schema.Opaque<PastDrift>()(
  Schema.Struct({
    /** The place, as a JSON Pointer into the properties. Empty where the resource was gone. */
    path: Schema.String,
    /** When it was first seen, in milliseconds since 1970. */
    since: Schema.Finite,
    /** When it was seen to be over, in milliseconds since 1970. Null where it is not. */
    endedAt: Schema.NullOr(Schema.Finite),
    /** By what it went. Null where it has not. */
    endedBy: Schema.NullOr(DriftEnd),
  }),
) {}

/** How long drift that is over is kept, as are operations. */
const keptMillis = 30 * 24 * 60 * 60 * 1000

const isOf = (sql: SqlClient, forma: string, label: string) => sql`forma = ${forma} AND label = ${label}`

const idsOf = (rows: ReadonlyArray<ReadonlyArray<unknown>>): ReadonlyArray<string> => rows.map(([id]) => String(id))

const endEach = (sql: SqlClient, checked: CheckedRows, ids: ReadonlyArray<string>, at: number, by: DriftEnd) =>
  Effect.forEach(
    ids,
    (id) => {
      const isRow = sql`drift_id = ${id}`
      return checked.update(isRow, sql`UPDATE drifts SET ended_at = ${at}, ended_by = ${by} WHERE ${isRow}`)
    },
    { discard: true },
  )

/** Ends all drift of a resource, because what is known of it is new. Needs a transaction of its caller. */
export const endDrifts = (sql: SqlClient) => {
  const checked = checkedRows(sql, "drifts")
  return Effect.fnUntraced(function* (
    forma: string,
    label: string,
    at: number,
    by: DriftEnd,
  ): Effect.fn.Return<void, SqlError> {
    const open = yield* sql`SELECT drift_id FROM drifts WHERE ${isOf(sql, forma, label)} AND ended_at IS NULL`.values
    if (open.length > 0) yield* endEach(sql, checked, idsOf(open), at, by)
  })
}

/** The history of a resource follows its label. Needs a transaction of its caller. */
export const relabelDrifts = (sql: SqlClient) => {
  const checked = checkedRows(sql, "drifts")
  return Effect.fnUntraced(function* (forma: string, from: string, to: string): Effect.fn.Return<void, SqlError> {
    const ids = yield* sql`SELECT drift_id FROM drifts WHERE ${isOf(sql, forma, from)}`.values
    yield* Effect.forEach(
      idsOf(ids),
      (id) => {
        const isRow = sql`drift_id = ${id}`
        return checked.update(isRow, sql`UPDATE drifts SET label = ${to} WHERE ${isRow}`)
      },
      { discard: true },
    )
  })
}

const decode = readRow("drifts", Schema.decodeUnknownEffect(PastDrift), "driftId")

export const makeDriftHistory = (sql: SqlClient, random: SecureRandom.SecureRandom["Service"]) => {
  const checked = checkedRows(sql, "drifts")
  return {
    /** Records which paths differ now. Deletes what is over for long. Needs a transaction of its caller. */
    record: Effect.fnUntraced(function* (
      { forma, label }: { readonly forma: string; readonly label: string },
      differing: ReadonlyArray<string>,
      at: number,
    ): Effect.fn.Return<void, SqlError> {
      const paths = [...new Set(differing.map(storable))]
      const rows = yield* sql`
        SELECT drift_id, path FROM drifts WHERE ${isOf(sql, forma, label)} AND ended_at IS NULL`.values
      const open = new Map(rows.map(([id, path]) => [String(path), String(id)]))
      const over = [...open].flatMap(([path, id]) => (paths.includes(path) ? [] : [id]))
      yield* endEach(sql, checked, over, at, "sync")
      for (const path of paths) {
        if (open.has(path)) continue
        const id = yield* random.uuidV7()
        yield* checked.put(
          sql`drift_id = ${id}`,
          sql`INSERT INTO drifts (drift_id, forma, label, path, since) VALUES (${id}, ${forma}, ${label}, ${path}, ${at})`,
        )
      }
      if (over.length === 0) return
      // What a clock that was ahead has written would be kept for as much longer.
      yield* sql`DELETE FROM drifts WHERE ended_at < ${at - keptMillis} OR ended_at > ${at + keptMillis}`
    }),
    /** Oldest first. */
    list: Effect.fnUntraced(function* (
      forma: string,
      label: string,
    ): Effect.fn.Return<ReadonlyArray<PastDrift>, SqlError | JournalUnreadable> {
      const where = isOf(sql, forma, label)
      yield* refuseDamaged("drifts", "drift_id", checked, where)
      const rows = yield* sql`
        SELECT drift_id AS "driftId", path, since, ended_at AS "endedAt", ended_by AS "endedBy"
        FROM drifts WHERE ${where} ORDER BY since, drift_id`
      return yield* Effect.forEach(rows, decode)
    }),
  }
}
