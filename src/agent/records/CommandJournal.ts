/** The journal of commands: what each was asked to do, and how it ended. A command without an end was cut off, and can be resumed. */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { DefaultDriftPolicy } from "../forma/DefaultDriftPolicy.ts"
import { FormaDocument } from "../forma/FormaDocument.ts"
import { distinctValues } from "../store/distinctValues.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"
import { CurrentAsked } from "./Asked.ts"
import { type CheckedRows, checkedRows } from "./CheckedRows.ts"
import { type ListCommands, makeListCommands } from "./CommandHistory.ts"
import { CommandStatus, JournaledCommand } from "./CommandStatus.ts"
import { LabelsInJson, makeEarlierCommands } from "./EarlierCommands.ts"
import { makeDeleteEnded } from "./EndedRows.ts"
import { type JournalUnreadable, readRow, refuseDamaged } from "./JournalUnreadable.ts"
import { makeRepairDocuments } from "./RepairDocuments.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"

/** One command as the journal has it. */
export class CommandEntry extends Schema.Opaque<CommandEntry>()(
  Schema.Struct({
    /** Identifies the command. */
    commandId: Schema.String,
    /** What it was asked to do. */
    command: JournaledCommand,
    /** The name of the forma. */
    forma: Schema.String,
    /**
     * The document to apply, locked in the vault because it may contain secrets.
     * That of a destroy has its targets alone. Null in a destroy without targets.
     */
    document: Schema.NullOr(Schema.String),
    /** The labels of the resources that an apply was limited to. Null where it was not. */
    only: Schema.NullOr(LabelsInJson),
    /** The labels that later commands have taken over, which were limited. A resume leaves them alone. Null where there are none. */
    left: Schema.NullOr(LabelsInJson),
    /** The labels of resources whose drift was accepted when it began. Null where there are none. */
    accepted: Schema.NullOr(LabelsInJson),
    /** How it ended, or that it has not. */
    status: CommandStatus,
    /** In milliseconds since 1970. */
    startedAt: Schema.Finite,
    /** Who has asked for it. Null where that is not known, as for commands of before 0.3.0. */
    askedBy: Schema.NullOr(Schema.String),
    /** The key of the request that has asked for it. Null where it was not asked for over the API. */
    request: Schema.NullOr(Schema.String),
  }),
) {}

/** A command that begins. */
export interface BegunCommand
  extends Pick<CommandEntry, "command" | "commandId" | "forma">, Partial<Pick<CommandEntry, "accepted" | "only">> {
  /** Whether it was canceled before its first step. Asked in the transaction that records it. */
  readonly isCanceled?: Effect.Effect<boolean>
}

/** The commands that can be resumed. A row that is not valid hides no other one. */
export interface UnfinishedCommands {
  /** Those that can be read. */
  readonly commands: ReadonlyArray<CommandEntry>
  /** Why others cannot be read. */
  readonly unreadable: ReadonlyArray<JournalUnreadable>
}

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
     * commands of the same forma. One that is limited supersedes only what it does
     * too, and takes its labels over from the others. Fails with
     * `VaultUnavailable` where the document cannot be locked.
     */
    readonly begin: (
      command: BegunCommand,
      document: FormaDocument | undefined,
    ) => Effect.Effect<void, StateError | VaultUnavailable>
    /** Records how a command ended. Its document is kept only if it can be resumed. */
    readonly end: (commandId: string, status: CommandStatus) => Effect.Effect<void, StateError>
    /** Records that a command was canceled, if it is in the journal and has not ended. One that is under way still has its end recorded. */
    readonly cancel: (commandId: string) => Effect.Effect<void, StateError>
    /** Commands, the newest first. Also those that have ended, as long as they are kept. */
    readonly list: ListCommands
    /** The commands that were cut off or canceled, and not superseded, oldest first. Several of one forma where later ones were limited. */
    readonly unfinished: Effect.Effect<UnfinishedCommands, SqlError>
    /**
     * The document that a command was to apply, or the targets of a destroy.
     * Undefined where none was recorded: which command it is, is in `command`.
     * Fails with `VaultUnavailable` where it cannot be opened.
     */
    readonly documentOf: (command: CommandEntry) => Effect.Effect<FormaDocument | undefined, VaultUnavailable>
    /**
     * The document by which what has drifted in a forma is repaired: the one that
     * was applied last. Undefined where nothing in it is repaired, or where a part
     * of another one was applied alone since.
     */
    readonly repairDocument: (
      forma: string,
    ) => Effect.Effect<FormaDocument | undefined, SqlError | JournalUnreadable | VaultUnavailable>
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

      const refuseUnknown = makeRefuseUnknown(sql, checked)
      const deleteEnded = makeDeleteEnded(sql, checked)
      const endEarlier = makeEarlierCommands(sql, checked)
      const repairs = makeRepairDocuments(sql, vault, yield* DefaultDriftPolicy)

      return CommandJournal.of({
        begin: Effect.fn("CommandJournal.begin")(function* (begun, document) {
          const { accepted = null, command, commandId, forma, isCanceled = Effect.succeed(false), only = null } = begun
          const startedAt = yield* Clock.currentTimeMillis
          const { by, request = null } = yield* CurrentAsked
          const locked =
            document === undefined ? null : yield* Effect.flatMap(Effect.orDie(encodeDocument(document)), vault.lock)
          const fate = yield* repairs.fateOf(forma, command === "apply" ? document : undefined, only !== null)
          yield* ownership.writeNew(
            Effect.gen(function* () {
              yield* deleteEnded(startedAt)
              yield* repairs.write(forma, fate, locked)
              yield* endEarlier(forma, only, startedAt)
              const canceled = yield* isCanceled
              const insert = sql`
                INSERT INTO commands (command_id, command, forma, document, only_labels, accepted_labels, status, started_at, ended_at, asked_by, request)
                VALUES (${commandId}, ${command}, ${forma}, ${locked}, ${only && JSON.stringify(only)},
                  ${accepted && JSON.stringify(accepted)}, ${canceled ? "canceled" : "running"}, ${startedAt},
                  ${canceled ? startedAt : null}, ${by}, ${request})`
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
        cancel: Effect.fn("CommandJournal.cancel")(function* (commandId) {
          const endedAt = yield* Clock.currentTimeMillis
          const update = sql`
            UPDATE commands SET status = 'canceled', ended_at = ${endedAt}
            WHERE command_id = ${commandId} AND status = 'running'`
          yield* ownership.write(checked.update(isRow(commandId), update))
        }),
        list: makeListCommands(sql, checked),
        unfinished: Effect.gen(function* () {
          const all = yield* Effect.result(refuseUnknown)
          if (all._tag === "Failure" && all.failure._tag === "SqlError") return yield* all.failure
          const rows = yield* sql`
            SELECT command_id AS "commandId", command, forma, document, only_labels AS "only", left_labels AS "left",
              accepted_labels AS "accepted", status,
              started_at AS "startedAt", asked_by AS "askedBy", request
            FROM commands WHERE status IN ('running', 'canceled') ORDER BY started_at, command_id`
          const read = yield* Effect.forEach(rows, (row) => {
            const check = refuseDamaged("commands", "command_id", checked, isRow(String(row["commandId"])))
            return Effect.result(Effect.andThen(check, readCommand(row)))
          })
          const commands: Array<CommandEntry> = []
          const unreadable: Array<JournalUnreadable> = []
          for (const one of read) {
            if (one._tag === "Success") commands.push(one.success)
            else if (one.failure._tag === "SqlError") return yield* one.failure
            else unreadable.push(one.failure)
          }
          const damaged = all._tag === "Failure" && all.failure._tag === "JournalUnreadable" ? [all.failure] : []
          const others = damaged.filter(({ id }) => unreadable.every((one) => one.id !== id))
          return { commands, unreadable: [...unreadable, ...others] }
        }),
        repairDocument: repairs.read,
        documentOf: ({ document }) =>
          document === null
            ? Effect.undefined
            : Effect.flatMap(vault.open(document), (text) => Effect.orDie(decodeDocument(text))),
      })
    }),
  )
}

const isStatus = Schema.is(CommandStatus)

/** Fails where the status of a command is damaged: it does not look unfinished, and may be. */
const makeRefuseUnknown = (sql: SqlClient.SqlClient, checked: CheckedRows) =>
  Effect.gen(function* () {
    const unknown = (yield* distinctValues(sql, "commands", "status")).filter((status) => !isStatus(status))
    if (Arr.isArrayNonEmpty(unknown)) {
      yield* refuseDamaged("commands", "command_id", checked, sql.in("status", unknown))
    }
    // What has ended has a time of its end.
    yield* refuseDamaged("commands", "command_id", checked, sql`ended_at IS NULL AND status <> 'running'`)
  })

const readCommand = readRow("commands", Schema.decodeUnknownEffect(CommandEntry), "commandId")
const Document = Schema.fromJsonString(FormaDocument)
const encodeDocument = Schema.encodeEffect(Document)
const decodeDocument = Schema.decodeUnknownEffect(Document)
