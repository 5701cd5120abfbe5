/** Why one change was not made, as an error whose reason is data. */
import * as Schema from "effect/Schema"
import { ErrorCode } from "../../protocol/ErrorCode.ts"
import { NativeId } from "../../protocol/Identity.ts"
import type { OperatorError } from "../../protocol/OperatorError.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { type ChangeError, OpenOperation } from "../records/ChangeError.ts"
import { Crash } from "../records/JournalEntry.ts"
import type { VaultUnavailable } from "../store/Vault.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"

/**
 * Why a change was not made. Code decides by the tag; people read the message of
 * the error.
 *
 * - `ProviderFailed`: the provider has refused or failed.
 * - `PluginUnavailable`: no plugin could be called.
 * - `CallFailed`: the plugin was called, but no answer of the provider came
 *   back.
 * - `CutOff`: the agent that ran it was cut off, and nothing has been found out
 *   since.
 * - `Canceled`: not begun: the command was asked to stop.
 * - `LeftUnderWay`: left at a safe point because the command was asked to stop.
 *   The provider may still be working on it.
 * - `NeedsAttention`: only a human can find out what became of it.
 * - `ReferenceUnknown`: it refers to a property that its resource does not have.
 * - `PlanOutdated`: the resource at the provider has changed since the plan was
 *   made.
 * - `OwnedElsewhere`: what it has made, or would make, belongs to another label.
 * - `DependencyFailed`: not tried, because what it needs has failed.
 * - `Blocked`: the plan says that it must not be touched. `code` is the code of
 *   the failure behind that.
 * - `VaultFailed`: its secrets cannot be sealed or opened.
 * - `StateNotWritten`: the state can no longer be written.
 */
export const FailureReason = Schema.TaggedUnion({
  ProviderFailed: {
    /** The code of the failure. */
    code: ErrorCode,
  },
  PluginUnavailable: {
    /** The tag of the error. */
    condition: Schema.Literals([
      "NamespaceUnknown",
      "PluginStartFailed",
      "PluginQuarantined",
      "PluginDisabled",
      "PluginDown",
      "PluginQueueFull",
      "OperationPoisoned",
      "AgentStopping",
      "UndescribedTypes",
    ]),
    /** Left out where no plugin serves the namespace. */
    plugin: Schema.optionalKey(Schema.String),
  },
  CallFailed: {
    /** The tag of the error. */
    condition: Schema.Literals(["ConnectionLost", "OperationNotSupported", "OperationTimedOut", "ProtocolError"]),
  },
  CutOff: {},
  Canceled: {},
  LeftUnderWay: {},
  NeedsAttention: {},
  ReferenceUnknown: {},
  PlanOutdated: {},
  OwnedElsewhere: {},
  DependencyFailed: {},
  Blocked: {
    /** The code of the failure behind it. */
    code: Schema.String,
    /** The plugin that could not be used, where that is the reason. */
    plugin: Schema.optionalKey(Schema.String),
  },
  VaultFailed: {},
  StateNotWritten: {},
})
export type FailureReason = typeof FailureReason.Type | never

/** The code under which a reason is reported, in results and in the journal: the provider's own, or a condition's name. */
export const codeOf = (reason: FailureReason): string => {
  switch (reason._tag) {
    case "ProviderFailed":
    case "Blocked":
      return reason.code
    case "PluginUnavailable":
    case "CallFailed":
      return reason.condition
    case "ReferenceUnknown":
      return "InvalidRequest"
    case "PlanOutdated":
      return "ResourceConflict"
    case "DependencyFailed":
      return "DependencyFailure"
    case "VaultFailed":
      return "VaultUnavailable"
    default:
      return reason._tag
  }
}

/** One change was not made, or it is not known whether it was. */
export class ChangeFailed extends Schema.TaggedError<ChangeFailed>("formae/agent/operations/ChangeFailed")(
  "ChangeFailed",
  {
    reason: FailureReason,
    message: Schema.String,
    /** How often it was sent to the provider, retries included. */
    attempts: Schema.Int,
    /** Left out where it is not known. */
    nativeId: Schema.optionalKey(NativeId),
    /** The crashes of the plugin that it survived before it failed. */
    crashes: Schema.optionalKey(Schema.Array(Crash)),
    /** The operation that was left open, if one was. */
    openOperation: Schema.optionalKey(OpenOperation),
  },
) {
  // Inferred from the schema, the type would be written out instead of named.
  /** Why, as data. */
  declare readonly reason: FailureReason

  /** The code under which it is reported. */
  get code(): string {
    return codeOf(this.reason)
  }
}

/** Why something failed, and what is said about it. */
export type StepFailure = Pick<ChangeFailed, "message" | "openOperation" | "reason">

export const stepFailureOf = ({ message, openOperation, reason }: ChangeFailed): StepFailure => ({
  reason,
  message,
  ...(openOperation === undefined ? {} : { openOperation }),
})

/** A failure as results and the journal report it. */
export const changeErrorOf = ({ message, openOperation, reason }: StepFailure): ChangeError => {
  const plugin = reason._tag === "PluginUnavailable" || reason._tag === "Blocked" ? reason.plugin : undefined
  return {
    code: codeOf(reason),
    message,
    ...(plugin === undefined ? {} : { plugin }),
    ...(openOperation === undefined ? {} : { openOperation }),
  }
}

/** A change that must not be made, because of an earlier failure. */
export const blockedChange = ({ code, message, openOperation, plugin }: ChangeError): ChangeFailed =>
  new ChangeFailed({
    reason: { _tag: "Blocked", code, ...(plugin === undefined ? {} : { plugin }) },
    message,
    attempts: 0,
    ...(openOperation === undefined ? {} : { openOperation }),
  })

/** A failure on the way to the provider. */
type CallError = NamespaceUnknown | PluginUnavailable | OperatorError

/** What is reported about a failure on the way to the provider. */
type CallFacts = Pick<CallError, "_tag"> & { readonly plugin?: string }

/** The reason for a failure on the way to the provider. */
export const reasonOf = ({ _tag, plugin }: CallFacts): FailureReason => {
  switch (_tag) {
    case "ConnectionLost":
    case "OperationNotSupported":
    case "OperationTimedOut":
    case "ProtocolError":
      return { _tag: "CallFailed", condition: _tag }
    case "LeaseEnded":
      return { _tag: "CutOff" }
    default:
      return { _tag: "PluginUnavailable", condition: _tag, ...(plugin === undefined ? {} : { plugin }) }
  }
}

/** A change that failed before it was sent to its provider. */
export const notReached = (error: CallFacts & Pick<CallError, "message">): ChangeFailed =>
  new ChangeFailed({ reason: reasonOf(error), message: error.message, attempts: 0 })

/** A change whose secrets cannot be used. */
export const vaultFailure = ({ message }: Pick<VaultUnavailable, "message">): ChangeFailed =>
  new ChangeFailed({ reason: { _tag: "VaultFailed" }, message, attempts: 0 })

/** Whether a change was not made because its command was asked to stop. */
export const isCanceled = ({ _tag }: FailureReason): boolean => _tag === "Canceled" || _tag === "LeftUnderWay"
