/** The journal of commands: what each was asked to do, and how it ended. A command without an end was cut off, and can be resumed. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { FormaDocument } from "../forma/FormaDocument.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"
import { type CheckedRows, checkedRows } from "./CheckedRows.ts"
import { type JournalUnreadable, readRow, refuseDamaged } from "./JournalUnreadable.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"

/** The commands that change resources. */
export const JournaledCommand = Schema.Literals(["apply", "destroy"])
export type JournaledCommand = typeof JournaledCommand.Type | never

/** A command that is `running` although no process runs it was cut off. One that is `superseded` was replaced by a later command of its forma. */
export const CommandStatus = Schema.Literals(["running", "succeeded", "failed", "canceled", "superseded"])
export type CommandStatus = typeof CommandStatus.Type | never

/** One command as the journal has it. */
export class CommandEntry extends Schema.Opaque<CommandEntry>()(
  Schema.Struct({
    /** Identifies the command. */
    commandId: Schema.String,
    /** What it was asked to do. */
    command: JournaledCommand,
    /** The name of the forma. */
    forma: Schema.String,
    /** The document to apply, locked in the vault because it may contain secrets. Null in a destroy. */
    document: Schema.NullOr(Schema.String),
    /** How it ended, or that it has not. */
    status: CommandStatus,
    /** In milliseconds since 1970. */
    startedAt: Schema.Finite,
  }),
) {}

/**
 * Records commands. A method that reads or writes the state fails with `SqlError`
 * where it cannot. One that writes also fails with the other errors of
 * `StateError`, where this agent does not hold the state. Commands that have
 * ended are kept for 30 days, with their operations.
 */
export class CommandJournal extends Context.Service<
  CommandJournal,
  {
    /**
     * Records a command before its first step. It supersedes the unfinished
     * command of the same forma, if there is one. Fails with
     * `VaultUnavailable` where the document cannot be locked.
     */
    readonly begin: (
      command: Pick<CommandEntry, "command" | "commandId" | "forma">,
      document: FormaDocument | undefined,
    ) => Effect.Effect<void, StateError | VaultUnavailable>
    /** Records how a command ended. Its document is kept only if it can be resumed. */
    readonly end: (commandId: string, status: CommandStatus) => Effect.Effect<void, StateError>
    /**
     * The last command of each forma if it was cut off or canceled, oldest
     * first. Fails with `JournalUnreadable` where a row is not valid.
     */
    readonly unfinished: Effect.Effect<ReadonlyArray<CommandEntry>, SqlError | JournalUnreadable>
    /**
     * The document that a command was to apply. Undefined for a destroy. Fails
     * with `VaultUnavailable` where it cannot be opened.
     */
    readonly documentOf: (command: CommandEntry) => Effect.Effect<FormaDocument | undefined, VaultUnavailable>
  }
>()("formae/agent/records/CommandJournal") {
  /** Keeps it in the store. Documents are locked in the vault. */
  static readonly layerNoDeps = Layer.effect(
    CommandJournal,
    Effect.gen(function* () {
      const ownership = yield* StateOwnership
      const sql = yield* SqlClient.SqlClient
      const vault = yield* Vault
      const checked = checkedRows(sql, "commands")
      const isRow = (commandId: string) => sql`command_id = ${commandId}`

      /** What a clock that was ahead has written would be kept for as much longer: its time begins now. */
      const redate = Effect.fnUntraced(function* (
        rows: CheckedRows,
        table: string,
        id: string,
        time: string,
        now: number,
      ) {
        const ahead = yield* sql`SELECT ${sql(id)} FROM ${sql(table)} WHERE ${sql(time)} > ${now}`.values
        for (const [key] of ahead) {
          const one = sql`${sql(id)} = ${String(key)}`
          yield* rows.update(one, sql`UPDATE ${sql(table)} SET ${sql(time)} = ${now} WHERE ${one}`)
        }
      })

      /** Deletes what ended long ago and left nothing open. A command that can be resumed has not ended. */
      const deleteOld = Effect.fnUntraced(function* (now: number) {
        const before = now - keptMillis
        yield* redate(checkedRows(sql, "operations"), "operations", "operation_id", "updated_at", now)
        yield* redate(checked, "commands", "command_id", "ended_at", now)
        yield* sql`
          DELETE FROM operations WHERE settled = 1 AND updated_at < ${before}
            AND command_id NOT IN (SELECT command_id FROM commands WHERE status IN ('running', 'canceled'))`
        yield* sql`
          DELETE FROM commands WHERE status NOT IN ('running', 'canceled') AND ended_at < ${before}
            AND command_id NOT IN (SELECT command_id FROM operations)`
      })

      return CommandJournal.of({
        begin: Effect.fn("CommandJournal.begin")(function* ({ command, commandId, forma }, document) {
          const startedAt = yield* Clock.currentTimeMillis
          const locked =
            document === undefined ? null : yield* Effect.flatMap(Effect.orDie(encodeDocument(document)), vault.lock)
          yield* ownership.write(
            Effect.gen(function* () {
              yield* deleteOld(startedAt)
              const replaced = yield* sql`
                SELECT command_id FROM commands WHERE forma = ${forma} AND status IN ('running', 'canceled')`.values
              for (const [id] of replaced) {
                const update = sql`
                  UPDATE commands SET status = 'superseded', document = NULL, ended_at = COALESCE(ended_at, ${startedAt})
                  WHERE command_id = ${String(id)}`
                yield* checked.update(isRow(String(id)), update)
              }
              const insert = sql`
                INSERT INTO commands (command_id, command, forma, document, status, started_at)
                VALUES (${commandId}, ${command}, ${forma}, ${locked}, 'running', ${startedAt})`
              yield* checked.put(isRow(commandId), insert)
            }),
          )
        }),
        end: Effect.fn("CommandJournal.end")(function* (commandId, status) {
          const endedAt = yield* Clock.currentTimeMillis
          const update = sql`
            UPDATE commands SET status = ${status}, ended_at = ${endedAt},
              document = CASE WHEN ${status} = 'canceled' THEN document ELSE NULL END
            WHERE command_id = ${commandId}`
          yield* ownership.write(checked.update(isRow(commandId), update))
        }),
        unfinished: Effect.gen(function* () {
          // All of them: a command whose status is damaged may not look unfinished.
          yield* refuseDamaged("commands", "command_id", checked, sql`1 = 1`)
          const rows = yield* sql`
            SELECT command_id AS "commandId", command, forma, document, status, started_at AS "startedAt"
            FROM commands WHERE status IN ('running', 'canceled') ORDER BY started_at, command_id`
          return yield* Effect.forEach(rows, readCommand)
        }),
        documentOf: ({ document }) =>
          document === null
            ? Effect.undefined
            : Effect.flatMap(vault.open(document), (text) => Effect.orDie(decodeDocument(text))),
      })
    }),
  )
}

const readCommand = readRow("commands", Schema.decodeUnknownEffect(CommandEntry), "commandId")
const Document = Schema.fromJsonString(FormaDocument)
const encodeDocument = Schema.encodeEffect(Document)
const decodeDocument = Schema.decodeUnknownEffect(Document)

/** How long commands that have ended are kept, with their operations. */
const keptMillis = 30 * 24 * 60 * 60 * 1000
