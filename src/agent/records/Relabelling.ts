/** Gives rows of the inventory other labels, when labels were renamed in a document. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { Care } from "./Care.ts"
import { type CheckedRows, checkedRows } from "./CheckedRows.ts"
import { relabelDrifts } from "./DriftHistory.ts"

/** A row gets another label. */
export interface Relabelling {
  /** The label that it has. */
  readonly from: string
  /** The label that it gets. */
  readonly to: string
}

/** What a document asks for a resource now. */
export interface NewCare {
  /** The label that it has once the rows have their new labels. */
  readonly label: string
  /** None if it is left out. */
  readonly care?: Care | undefined
}

/** Renames all of them at once: two rows may change places. References in other rows and in open operations follow. */
export const makeRelabel = (sql: SqlClient, checked: CheckedRows) => {
  const operations = checkedRows(sql, "operations")
  const isRow = (forma: string, label: string) => sql`forma = ${forma} AND label = ${label}`

  const renameDrifts = relabelDrifts(sql)

  const rename = (forma: string, from: string, to: string) =>
    checked
      .move(
        isRow(forma, from),
        isRow(forma, to),
        sql`UPDATE resources SET label = ${to} WHERE forma = ${forma} AND label = ${from}`,
      )
      .pipe(Effect.andThen(renameDrifts(forma, from, to)))

  const setCare = Effect.fnUntraced(function* (where: Fragment, care: Care | undefined) {
    const encoded = care === undefined ? null : yield* Effect.orDie(encodeCare(care))
    yield* checked.update(where, sql`UPDATE resources SET care = ${encoded} WHERE ${where}`)
  })

  return Effect.fn("Inventory.relabel")(function* (
    forma: string,
    moves: ReadonlyArray<Relabelling>,
    cares: ReadonlyArray<NewCare> = [],
  ): Effect.fn.Return<void, SqlError> {
    const names = new Map(moves.map(({ from, to }) => [from, to]))
    yield* sql.withTransaction(
      Effect.gen(function* () {
        for (const { from } of moves) yield* rename(forma, from, moving(from))
        for (const { from, to } of moves) yield* rename(forma, moving(from), to)
        for (const { care, label } of cares) yield* setCare(isRow(forma, label), care)
        if (moves.length === 0) return
        const renamed = Effect.fnUntraced(function* (row: unknown) {
          const { dependsOn } = yield* Effect.orDie(decodeReferences(row))
          if (!dependsOn.some((one) => names.has(one))) return undefined
          return JSON.stringify(dependsOn.map((one) => names.get(one) ?? one))
        })
        for (const row of yield* sql`SELECT label, depends_on AS "dependsOn" FROM resources WHERE forma = ${forma}`) {
          const dependsOn = yield* renamed(row)
          const where = isRow(forma, String(row["label"]))
          if (dependsOn === undefined) continue
          yield* checked.update(where, sql`UPDATE resources SET depends_on = ${dependsOn} WHERE ${where}`)
        }
        const open = yield* sql`
          SELECT operation_id AS id, depends_on AS "dependsOn" FROM operations WHERE settled = 0 AND forma = ${forma}`
        for (const row of open) {
          const dependsOn = yield* renamed(row)
          const where = sql`operation_id = ${String(row["id"])}`
          if (dependsOn === undefined) continue
          yield* operations.update(where, sql`UPDATE operations SET depends_on = ${dependsOn} WHERE ${where}`)
        }
      }),
    )
  })
}

/** In between, because a label that no document can have is free. */
const moving = (label: string): string => `moving:${label}`

const encodeCare = Schema.encodeEffect(Schema.fromJsonString(Care))
const decodeReferences = Schema.decodeUnknownEffect(
  Schema.Struct({ dependsOn: Schema.fromJsonString(Schema.Array(Schema.String)) }),
)
