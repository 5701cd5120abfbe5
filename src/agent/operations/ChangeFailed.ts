/** Why one change was not made. */
import * as Schema from "effect/Schema"
import { ErrorCode } from "../../protocol/ErrorCode.ts"
import { NativeId } from "../../protocol/Identity.ts"
import type { OperatorError } from "../../protocol/OperatorError.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import { Crash } from "../records/JournalEntry.ts"
import type { VaultUnavailable } from "../store/Vault.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"

/** What stood in the way, as data. Decisions look at the tag; people read the message. */
export const FailureReason = Schema.TaggedUnion({
  /** The provider refused or failed. */
  ProviderFailed: { code: ErrorCode },
  /** No plugin could be called. */
  PluginUnavailable: {
    condition: Schema.Literals([
      "NamespaceUnknown",
      "PluginStartFailed",
      "PluginQuarantined",
      "PluginDown",
      "PluginQueueFull",
      "OperationPoisoned",
      "AgentStopping",
    ]),
  },
  /** The plugin was called, and no answer of its provider came back. */
  CallFailed: {
    condition: Schema.Literals(["ConnectionLost", "OperationNotSupported", "OperationTimedOut", "ProtocolError"]),
  },
  /** The agent that ran it was cut off, and nothing is known since. */
  CutOff: {},
  /** Not begun: the command was asked to stop. */
  Canceled: {},
  /** Left at a safe point, because the command was asked to stop: the provider works on it. */
  LeftUnderWay: {},
  /** Only a human can find out what became of it. */
  NeedsAttention: {},
  /** It refers to a property that its resource does not have. */
  ReferenceUnknown: {},
  /** The provider's resource has changed since the plan was made. */
  PlanOutdated: {},
  /** Not tried, because what it needs has failed. */
  DependencyFailed: {},
  /** The plan says that it must not be touched; `code` is that of the failure behind it. */
  Blocked: { code: Schema.String },
  /** Its secrets cannot be sealed, or cannot be read back. */
  VaultFailed: {},
  /** The state cannot be written any more. */
  StateNotWritten: {},
})
export type FailureReason = typeof FailureReason.Type

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

export class ChangeFailed extends Schema.TaggedError<ChangeFailed>("formae/agent/operations/ChangeFailed")(
  "ChangeFailed",
  {
    reason: FailureReason,
    message: Schema.String,
    /** How often it was sent to the provider. */
    attempts: Schema.Int,
    nativeId: Schema.optionalKey(NativeId),
    /** The losses of the plugin that it survived before. */
    crashes: Schema.optionalKey(Schema.Array(Crash)),
  },
) {
  /** The code under which it is reported. */
  get code(): string {
    return codeOf(this.reason)
  }
}

/** What the way to the provider failed with. */
type CallError = NamespaceUnknown | PluginUnavailable | OperatorError

/** The reason for a failure on the way to the provider. */
export const reasonOf = ({ _tag }: Pick<CallError, "_tag">): FailureReason => {
  switch (_tag) {
    case "ConnectionLost":
    case "OperationNotSupported":
    case "OperationTimedOut":
    case "ProtocolError":
      return { _tag: "CallFailed", condition: _tag }
    default:
      return { _tag: "PluginUnavailable", condition: _tag }
  }
}

/** A change that was stopped on the way to its provider, before it was sent. */
export const notReached = (error: Pick<CallError, "_tag" | "message">): ChangeFailed =>
  new ChangeFailed({ reason: reasonOf(error), message: error.message, attempts: 0 })

/** A change whose secrets cannot be used. */
export const vaultFailure = ({ message }: Pick<VaultUnavailable, "message">): ChangeFailed =>
  new ChangeFailed({ reason: { _tag: "VaultFailed" }, message, attempts: 0 })

/** Whether a change was not made because its command was asked to stop. */
export const isCanceled = ({ _tag }: FailureReason): boolean => _tag === "Canceled" || _tag === "LeftUnderWay"
