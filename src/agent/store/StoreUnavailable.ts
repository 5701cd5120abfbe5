/** Why a state cannot be opened, for its user. */
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import type { MigrationError } from "effect/sql/Migrator"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import type { FileRefused } from "./FileRefused.ts"
import { StoreCondition, type Trouble } from "./FileTrouble.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { isPostgresUrl } from "./postgres/PostgresAddress.ts"
import { isOfPostgres, textOf, troubleOfPostgres } from "./postgres/PostgresTrouble.ts"

const generalRemedy = "Check that it is a state file of formae, on a local disk, and that its folder is writable"

const generalPostgresRemedy = "Check its address, and that its schema has the tables of formae and nothing else"

/** The state cannot be opened, or its tables cannot be brought to this version. Nothing was changed. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>("formae/agent/store/StoreUnavailable")(
  "StoreUnavailable",
  {
    /** The path of the state file, or the address of a state on Postgres without its password. */
    file: Schema.String,
    /** What is wrong, for programs. */
    condition: StoreCondition,
    /** What is wrong, in words. */
    reason: Schema.String,
    /** What can be done about it, as a sentence. */
    remedy: Schema.optionalKey(Schema.String),
  },
) {
  override get message(): string {
    const [what, general] = isPostgresUrl(this.file) ? ["state", generalPostgresRemedy] : ["state file", generalRemedy]
    return `The ${what} ${this.file} cannot be used: ${this.reason}. Nothing was changed. ${this.remedy ?? general}`
  }
}

type OpenError = FileRefused | SqlError | MigrationError | PlatformError

/** What is wrong with the state `file`. Undefined where the error says nothing about it. */
export const troubleOfError = (file: string, error: SqlError): Trouble | undefined =>
  isOfPostgres(error) ? troubleOfPostgres(error) : NodeSqlite.troubleOfError(file, error)

/** What an error says is wrong with the state. Undefined where it says nothing about it. */
export const conditionOfError = (error: SqlError): StoreCondition | undefined =>
  NodeSqlite.isTaken(error) ? "Taken" : troubleOfError("", error)?.condition

/** What is said of an error of the state. The driver of SQLite says it all; that of Postgres names only the call that failed. */
export const messageOfError = (error: SqlError): string => {
  if (!isOfPostgres(error)) return error.message
  const trouble = troubleOfPostgres(error)
  return trouble === undefined
    ? `The server of the state refuses a statement: ${textOf(error)}`
    : `The state cannot be used: ${trouble.reason}. ${trouble.remedy}`
}

/** A migration reports only that it failed; the reason is in its cause. */
export const unavailable =
  (file: string) =>
  (error: OpenError): StoreUnavailable => {
    if (error._tag === "FileRefused") {
      const { condition, reason, remedy } = error
      return new StoreUnavailable({ file, condition, reason, ...(remedy === undefined ? {} : { remedy }) })
    }
    const sqlError = isSqlError(error) ? error : isSqlError(error.cause) ? error.cause : undefined
    if (sqlError === undefined) return new StoreUnavailable({ file, condition: "Other", reason: error.message })
    const message = isOfPostgres(sqlError) ? textOf(sqlError) : NodeSqlite.messageOf(sqlError)
    const trouble = troubleOfError(file, sqlError)
    if (trouble !== undefined) return new StoreUnavailable({ file, ...trouble })
    const reason = sqlError === error ? message : `${error.message}: ${message}`
    return new StoreUnavailable({ file, condition: "Other", reason })
  }
