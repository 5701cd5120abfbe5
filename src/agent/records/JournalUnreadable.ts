/** Rows of the journal that this version can not read. Their values are not shown, for they may be secret. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { formatPath, locateIssues } from "../../protocol/Issue.ts"

/** An operation or a command of the journal is not as this version writes them. */
export class JournalUnreadable extends Schema.TaggedError<JournalUnreadable>("formae/agent/records/JournalUnreadable")(
  "JournalUnreadable",
  {
    table: Schema.Literals(["operations", "commands"]),
    id: Schema.String,
    reason: Schema.String,
  },
) {
  override get message(): string {
    const what = this.table === "operations" ? "an operation" : "a command"
    return `The journal has ${what} that can not be read, ${this.id}: ${this.reason}. Nothing was done. Put the state file back as it was, or delete this row of the table ${this.table} if you know what became of it`
  }
}

/** Reads one row of `table`, of which the column `idColumn` says which it is. */
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
      return new JournalUnreadable({ table, id, reason: `${places.join(", ")} is not as it should be` })
    })
