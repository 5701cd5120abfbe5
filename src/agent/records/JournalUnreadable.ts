/** Reads rows of the journal, and reports those that are not valid. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { formatPath, locateIssues } from "../../protocol/Issue.ts"
import { type CheckedRows, damagedReason } from "./CheckedRows.ts"

/** A row of the journal is not valid for this version. Its values are not shown, because they may be secret. */
export class JournalUnreadable extends Schema.TaggedError<JournalUnreadable>("formae/agent/records/JournalUnreadable")(
  "JournalUnreadable",
  {
    /** Which journal. */
    table: Schema.Literals(["operations", "commands", "document_outputs", "drifts", "repair_documents"]),
    /** The operation id, the command id, or the name of the forma. */
    id: Schema.String,
    /** The fields that are not valid. */
    reason: Schema.String,
  },
) {
  override get message(): string {
    if (this.table === "document_outputs") {
      return `The outputs of ${this.id} cannot be read: ${this.reason}. Nothing was done. Restore the state file, or delete this row of the table ${this.table} and apply ${this.id} again`
    }
    if (this.table === "drifts") {
      return `The record ${this.id} of drift cannot be read: ${this.reason}. Restore the state file, or delete this row of the table ${this.table}`
    }
    if (this.table === "repair_documents") {
      return `The document by which ${this.id} is repaired cannot be read: ${this.reason}. Apply ${this.id} again`
    }
    const what = this.table === "operations" ? "operation" : "command"
    return `The ${what} ${this.id} of the journal cannot be read: ${this.reason}. Nothing was done. Restore the state file, or delete this row of the table ${this.table} if you know how the ${what} ended`
  }
}

/** Fails where one of the rows that `where` selects is damaged. The column `idColumn` has the id of a row. */
export const refuseDamaged = Effect.fnUntraced(function* (
  table: JournalUnreadable["table"],
  idColumn: string,
  rows: Pick<CheckedRows, "findDamaged">,
  where: Fragment,
): Effect.fn.Return<void, JournalUnreadable | SqlError> {
  const damaged = yield* rows.findDamaged(where)
  if (damaged === undefined) return
  return yield* new JournalUnreadable({ table, id: String(damaged[idColumn]), reason: damagedReason })
})

/** Reads one row of `table`. The column `idColumn` has its id. */
export const readRow =
  <A>(
    table: JournalUnreadable["table"],
    decode: (row: unknown) => Effect.Effect<A, Schema.SchemaError>,
    idColumn: string,
  ) =>
  (row: unknown): Effect.Effect<A, JournalUnreadable> =>
    Effect.mapError(decode(row), ({ issue }) => {
      const places = locateIssues(issue).map(({ path }) => formatPath(path))
      const id = Predicate.hasProperty(row, idColumn) ? String(row[idColumn]) : "?"
      return new JournalUnreadable({ table, id, reason: `${places.join(", ")} is not valid` })
    })
