/** The commands that the journal has, whether they have ended or not. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { CheckedRows } from "./CheckedRows.ts"
import { CommandStatus, RecordedCommand } from "./CommandStatus.ts"
import { type JournalUnreadable, readRow, refuseDamaged } from "./JournalUnreadable.ts"

/** One command as the journal has it, without what it was to apply. */
export class PastCommand extends Schema.Opaque<PastCommand>()(
  Schema.Struct({
    /** Identifies the command. */
    commandId: Schema.String,
    /** What it was asked to do. */
    command: RecordedCommand,
    /** The name of the forma. */
    forma: Schema.String,
    /** How it ended, or that it has not. */
    status: CommandStatus,
    /** In milliseconds since 1970. */
    startedAt: Schema.Finite,
    /** In milliseconds since 1970. Null where it has not ended. */
    endedAt: Schema.NullOr(Schema.Finite),
    /** Who has asked for it. Null where that is not known. */
    askedBy: Schema.NullOr(Schema.String),
  }),
) {}

/** The commands of a journal. A row that is not valid hides no other one. */
export interface PastCommands {
  /** Those that can be read. */
  readonly commands: ReadonlyArray<PastCommand>
  /** Why others cannot be read. */
  readonly unreadable: ReadonlyArray<JournalUnreadable>
}

/** Lists at most so many commands, the newest first. Fails with `SqlError` where the state cannot be read. */
export type ListCommands = (limit: number) => Effect.Effect<PastCommands, SqlError>

const decode = readRow("commands", Schema.decodeUnknownEffect(PastCommand), "commandId")

export const makeListCommands = (sql: SqlClient, checked: CheckedRows): ListCommands =>
  Effect.fn("CommandJournal.list")(function* (limit) {
    const rows = yield* sql`
      SELECT command_id AS "commandId", command, forma, status, started_at AS "startedAt", ended_at AS "endedAt",
        asked_by AS "askedBy"
      FROM commands ORDER BY started_at DESC, command_id DESC LIMIT ${limit}`
    const read = yield* Effect.forEach(rows, (row) => {
      const isRow = sql`command_id = ${String(row["commandId"])}`
      return Effect.result(Effect.andThen(refuseDamaged("commands", "command_id", checked, isRow), decode(row)))
    })
    const commands: Array<PastCommand> = []
    const unreadable: Array<JournalUnreadable> = []
    for (const one of read) {
      if (one._tag === "Success") commands.push(one.success)
      else if (one.failure._tag === "SqlError") return yield* one.failure
      else unreadable.push(one.failure)
    }
    return { commands, unreadable }
  })
