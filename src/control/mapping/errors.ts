/** Errors of the agent as errors of its API, and back to the same classes. */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { classifySqliteError, isSqlError, SqlError } from "effect/sql/SqlError"
import { NamespaceUnknown } from "../../agent/catalog/NamespaceUnknown.ts"
import { AgentUnreachable } from "../../agent/commands/AgentUnreachable.ts"
import { commandErrorOf } from "../../agent/commands/CommandError.ts"
import { ImportRefused } from "../../agent/commands/ImportRefused.ts"
import { MoveRefused } from "../../agent/commands/MoveRefused.ts"
import { NotConfirmed } from "../../agent/commands/NotConfirmed.ts"
import { OperationNotOpen } from "../../agent/commands/OperationNotOpen.ts"
import { OutputNotFound } from "../../agent/commands/OutputListing.ts"
import { PlanOutdated } from "../../agent/commands/PlanOutdated.ts"
import { ResourceNotFound } from "../../agent/commands/ResourceNotFound.ts"
import { FormaInvalid } from "../../agent/forma/FormaDocument.ts"
import { ChangeFailed } from "../../agent/operations/ChangeFailed.ts"
import { OnlyRefused } from "../../agent/plan/OnlyRefused.ts"
import { DriftNotAccepted } from "../../agent/commands/DriftNotAccepted.ts"
import { ResourcesProtected } from "../../agent/plan/Protection.ts"
import { DocumentConflict } from "../../agent/records/DocumentSource.ts"
import { InventoryUnreadable } from "../../agent/records/Inventory.ts"
import { JournalUnreadable } from "../../agent/records/JournalUnreadable.ts"
import { StateInUse } from "../../agent/records/StateInUse.ts"
import { StateTaken } from "../../agent/records/StateTaken.ts"
import * as NodeSqlite from "../../agent/store/NodeSqlite.ts"
import { messageOfError } from "../../agent/store/StoreUnavailable.ts"
import { VaultUnavailable } from "../../agent/store/Vault.ts"
import { PluginUnavailable } from "../../agent/supervision/PluginUnavailable.ts"
import type { ApiFailure } from "../api/ApiFailure.ts"
import { schemaVersion } from "../api/version.ts"

/** The errors of the agent that are made of data alone. */
const AsData = Schema.Union([
  AgentUnreachable,
  ChangeFailed,
  DocumentConflict,
  FormaInvalid,
  ImportRefused,
  InventoryUnreadable,
  JournalUnreadable,
  MoveRefused,
  DriftNotAccepted,
  NamespaceUnknown,
  NotConfirmed,
  OnlyRefused,
  OperationNotOpen,
  OutputNotFound,
  PlanOutdated,
  PluginUnavailable,
  ResourceNotFound,
  ResourcesProtected,
  StateInUse,
  StateTaken,
  VaultUnavailable,
])

/** Every error that a method of the agent may fail with. */
export type AgentError = typeof AsData.Type | SqlError

const isAsData = Schema.is(AsData)
const encode = Schema.encodeUnknownOption(AsData)
const decode = Schema.decodeUnknownOption(AsData)
const decodeFacts = Schema.decodeUnknownOption(Schema.Record(Schema.String, Schema.Json))

/** What is needed to make the error of a database again, so that it says the same of the state file. */
const SqlFacts = Schema.Struct({
  message: Schema.String,
  /** The result code of SQLite. */
  sqlite: Schema.optionalKey(Schema.Int),
  /** What SQLite has said. */
  text: Schema.optionalKey(Schema.String),
  /** The tag of an error that is not that of SQLite. */
  cause: Schema.optionalKey(Schema.String),
})
const decodeSqlFacts = Schema.decodeUnknownOption(SqlFacts)

const factsOfSql = (error: SqlError): typeof SqlFacts.Type => {
  const code = NodeSqlite.codeOf(error)
  const { cause } = error.reason
  return {
    message: messageOfError(error),
    ...(code === undefined ? {} : { sqlite: code, text: NodeSqlite.messageOf(error) }),
    ...(Predicate.hasProperty(cause, "_tag") && typeof cause._tag === "string" ? { cause: cause._tag } : {}),
  }
}

const sqlErrorOf = ({ cause: tag, message, sqlite, text = message }: typeof SqlFacts.Type): SqlError => {
  const cause = Object.assign(new globalThis.Error(text), {
    ...(sqlite === undefined ? {} : { errcode: sqlite, errno: sqlite }),
    ...(tag === undefined ? {} : { _tag: tag }),
  })
  return new SqlError({ reason: classifySqliteError(cause, { message }) })
}

/** An error of the agent as an error of its API. */
export const failureOfError = (error: AgentError): ApiFailure => {
  const { code, issues, message } = commandErrorOf(error)
  const facts = isSqlError(error) ? factsOfSql(error) : Option.getOrElse(encode(error), () => ({}))
  const rest = Struct.omit(facts as Readonly<Record<string, unknown>>, ["_tag", "issues"])
  return {
    schemaVersion,
    code,
    message,
    ...(issues === undefined
      ? {}
      : {
          issues: issues.map(({ message: words, path, type }) => ({
            path,
            message: words,
            ...(type === undefined ? {} : { type }),
          })),
        }),
    ...Option.match(decodeFacts(rest), { onNone: () => ({}), onSome: (known) => ({ facts: known }) }),
  }
}

/** The error that an agent has answered with. None where it is one that this version does not know. */
export const errorOfFailure = ({ code, facts = {}, issues }: ApiFailure): Option.Option<AgentError> =>
  code === "SqlError"
    ? Option.map(decodeSqlFacts(facts), sqlErrorOf)
    : decode({ ...facts, ...(issues === undefined ? {} : { issues }), _tag: code })

/** Whether an error crosses as the same class. */
export const isAgentError = (error: unknown): error is AgentError => isSqlError(error) || isAsData(error)
