/** Why a command did nothing, as its result and `--json` report it. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { isSqlError } from "effect/sql/SqlError"
import { ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { FormaInvalid } from "../forma/FormaDocument.ts"
import { OnlyRefused } from "../plan/OnlyRefused.ts"
import { ResourcesProtected } from "../plan/Protection.ts"
import { ChangeFailed } from "../operations/ChangeFailed.ts"
import { DocumentConflict } from "../records/DocumentSource.ts"
import { InventoryUnreadable } from "../records/Inventory.ts"
import { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { StateInUse } from "../records/StateInUse.ts"
import { StateTaken } from "../records/StateTaken.ts"
import { conditionOfError, messageOfError, StoreUnavailable } from "../store/StoreUnavailable.ts"
import { VaultUnavailable } from "../store/Vault.ts"
import { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { AgentUnreachable } from "./AgentUnreachable.ts"
import { DriftNotAccepted } from "./DriftNotAccepted.ts"
import { ImportRefused } from "./ImportRefused.ts"
import { MoveRefused } from "./MoveRefused.ts"
import { NotConfirmed } from "./NotConfirmed.ts"
import { PlanOutdated } from "./PlanOutdated.ts"
import { PlanNotSaved, SavedPlanUnusable } from "./SavedPlanErrors.ts"
import { OperationNotOpen } from "./OperationNotOpen.ts"
import { ResourceNotFound } from "./ResourceNotFound.ts"

/** Why a command did nothing. */
export class CommandError extends Schema.Opaque<CommandError>()(
  Schema.Struct({
    /** The tag of the error. */
    code: Schema.String,
    /** What happened, and where, for people. */
    message: Schema.String,
    /** The mistakes in the input, each with its place. `type` is the resource type whose schema says so, if one does. Lines and columns count from 1; `file` is there if it is another than the document. */
    issues: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({
          path: Schema.Array(Schema.Union([Schema.String, Schema.Int])),
          message: Schema.String,
          type: Schema.optionalKey(ResourceType),
          line: Schema.optionalKey(Schema.Int),
          column: Schema.optionalKey(Schema.Int),
          file: Schema.optionalKey(Schema.String),
        }),
      ),
    ),
    /** The other fields of the error, such as `plugin` of a `PluginQuarantined`. Left out where it has none. */
    facts: Schema.optionalKey(JsonObject),
  }),
) {}

/** The errors of the agent whose fields are facts. */
const FactualError = Schema.Union([
  AgentUnreachable,
  ChangeFailed,
  DocumentConflict,
  DriftNotAccepted,
  ImportRefused,
  InventoryUnreadable,
  JournalUnreadable,
  MoveRefused,
  NamespaceUnknown,
  NotConfirmed,
  OnlyRefused,
  OperationNotOpen,
  PlanNotSaved,
  PlanOutdated,
  PluginUnavailable,
  ResourceNotFound,
  ResourcesProtected,
  SavedPlanUnusable,
  StateInUse,
  StateTaken,
  StoreUnavailable,
  VaultUnavailable,
])
const isFactual = Schema.is(FactualError)
const isFormaInvalid = Schema.is(FormaInvalid)
const encodeFacts = Schema.encodeOption(FactualError)
const decodeObject = Schema.decodeUnknownOption(JsonObject)

/** The fields of an error as JSON, without its tag and its message. */
const factsOf = (error: unknown): Option.Option<Schema.JsonObject> => {
  if (isSqlError(error)) {
    const condition = conditionOfError(error)
    return condition === undefined ? Option.none() : Option.some({ condition })
  }
  if (!isFactual(error)) return Option.none()
  return encodeFacts(error).pipe(Option.flatMap(decodeObject), Option.map(Struct.omit(["_tag", "message"])))
}

/** An error of the agent as data. */
export const commandErrorOf = (error: { readonly _tag: string; readonly message: string }): CommandError => ({
  code: error._tag,
  message: isSqlError(error) ? messageOfError(error) : error.message,
  ...(isFormaInvalid(error) ? { issues: error.issues } : {}),
  ...Option.match(factsOf(error), { onNone: () => ({}), onSome: (facts) => ({ facts }) }),
})
