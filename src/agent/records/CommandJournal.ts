/** The journal of commands: what was asked for, and how it ended. One that has no end was cut off, and can be resumed. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { FormaDocument } from "../forma/FormaDocument.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"
import { type JournalUnreadable, readRow } from "./JournalUnreadable.ts"

/** The commands that change something. */
export const JournaledCommand = Schema.Literals(["apply", "destroy"])
export type JournaledCommand = typeof JournaledCommand.Type

/** `running` where nobody runs it: it was cut off. `superseded`: a later command of the same forma took its place. */
export const CommandStatus = Schema.Literals(["running", "succeeded", "failed", "canceled", "superseded"])
export type CommandStatus = typeof CommandStatus.Type

export const JournalCommand = Schema.Struct({
  commandId: Schema.String,
  command: JournaledCommand,
  forma: Schema.String,
  /** The document that is applied, locked in the vault: it may hold secrets. None in a destroy. */
  document: Schema.NullOr(Schema.String),
  status: CommandStatus,
  startedAt: Schema.Finite,
})
export type JournalCommand = typeof JournalCommand.Type

const readCommand = readRow("commands", Schema.decodeUnknownEffect(JournalCommand), "commandId")
const Document = Schema.fromJsonString(FormaDocument)
const encodeDocument = Schema.encodeEffect(Document)
const decodeDocument = Schema.decodeUnknownEffect(Document)

/** For how long commands that have ended can be looked at, with their operations. */
const keptMillis = 30 * 24 * 60 * 60 * 1000

export class CommandJournal extends Context.Service<
  CommandJournal,
  {
    /** Before the command begins its first step. It takes the place of what its forma had begun before. */
    readonly begin: (
      begun: Pick<JournalCommand, "command" | "commandId" | "forma">,
      document: FormaDocument | undefined,
    ) => Effect.Effect<void, SqlError | VaultUnavailable>
    readonly end: (commandId: string, status: CommandStatus) => Effect.Effect<void, SqlError>
    /** The last command of each forma, where it was cut off or canceled, in the order in which they were begun. */
    readonly unfinished: Effect.Effect<ReadonlyArray<JournalCommand>, SqlError | JournalUnreadable>
    /** What a command was to apply. */
    readonly documentOf: (command: JournalCommand) => Effect.Effect<FormaDocument | undefined, VaultUnavailable>
  }
>()("formae/agent/records/CommandJournal") {
  static readonly layer: Layer.Layer<CommandJournal, never, SqlClient.SqlClient | Vault> = Layer.effect(
    CommandJournal,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const vault = yield* Vault

      /** What ended long ago, and left nothing open. What can be resumed has not ended. */
      const forgetOld = Effect.fnUntraced(function* (now: number) {
        const before = now - keptMillis
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
          yield* sql.withTransaction(
            Effect.gen(function* () {
              yield* forgetOld(startedAt)
              yield* sql`
                UPDATE commands SET status = 'superseded', document = NULL, ended_at = COALESCE(ended_at, ${startedAt})
                WHERE forma = ${forma} AND status IN ('running', 'canceled')`
              yield* sql`
                INSERT INTO commands (command_id, command, forma, document, status, started_at)
                VALUES (${commandId}, ${command}, ${forma}, ${locked}, 'running', ${startedAt})`
            }),
          )
        }),
        end: Effect.fn("CommandJournal.end")(function* (commandId, status) {
          const endedAt = yield* Clock.currentTimeMillis
          yield* sql`
            UPDATE commands SET status = ${status}, ended_at = ${endedAt},
              document = CASE WHEN ${status} = 'canceled' THEN document ELSE NULL END
            WHERE command_id = ${commandId}`
        }),
        unfinished: Effect.gen(function* () {
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
