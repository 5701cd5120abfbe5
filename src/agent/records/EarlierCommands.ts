/** What becomes of the unfinished commands of a forma as another one begins. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { CheckedRows } from "./CheckedRows.ts"
import type { JournaledCommand } from "./CommandStatus.ts"

type Labels = ReadonlyArray<string>

/** Labels in a column of a command. */
export const LabelsInJson = Schema.fromJsonString(Schema.Array(Schema.String))
const decodeLabels = Schema.decodeUnknownOption(LabelsInJson)

/** An unfinished command. */
interface EarlierCommand {
  readonly command: JournaledCommand
  /** Null where it was not limited. */
  readonly only: Labels | null
  /** What later commands have taken over. */
  readonly left: Labels
}

/**
 * Whether a command that begins supersedes an earlier one of its forma, or else
 * what it takes over from it. Pure. What an apply of all was asked to do is more
 * than what one of some labels does. A destroy is superseded by every apply: to
 * go on with it would delete what was applied since.
 */
export const fateOfEarlier = (
  { command, left, only }: EarlierCommand,
  now: Labels | null,
): "superseded" | { readonly left: Labels } => {
  if (now === null || command === "destroy") return "superseded"
  const all = [...new Set([...left, ...now])]
  return only?.every((label) => all.includes(label)) === true ? "superseded" : { left: all }
}

export const makeEarlierCommands = (sql: SqlClient, checked: CheckedRows) =>
  /** Needs the transaction in which the command that begins is recorded. `only` are its labels. */
  Effect.fnUntraced(function* (forma: string, only: Labels | null, now: number): Effect.fn.Return<void, SqlError> {
    // One that does nothing takes nothing over.
    if (only?.length === 0) return
    const earlier = yield* sql`
      SELECT command_id, command, only_labels, left_labels FROM commands
      WHERE forma = ${forma} AND status IN ('running', 'canceled')`.values
    for (const [id, command, limit, before] of earlier) {
      // A value that is not valid is refused where the command is read.
      const fate = fateOfEarlier(
        {
          command: command === "destroy" ? "destroy" : "apply",
          only: Option.getOrNull(decodeLabels(limit)),
          left: Option.getOrElse(decodeLabels(before), () => []),
        },
        only,
      )
      const isRow = sql`command_id = ${String(id)}`
      const update =
        fate === "superseded"
          ? sql`
            UPDATE commands SET status = 'superseded', document = NULL, ended_at = COALESCE(ended_at, ${now})
            WHERE ${isRow}`
          : sql`UPDATE commands SET left_labels = ${JSON.stringify(fate.left)} WHERE ${isRow}`
      yield* checked.update(isRow, update)
    }
  })
