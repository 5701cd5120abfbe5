/**
 * What a failure proves about an operation: a decision, as a function of what
 * is known about the operation and of how its last call failed. A call that
 * certainly failed proves nothing about an earlier one that was not answered.
 */
import { isAmbiguous, type ErrorCode } from "../../protocol/ErrorCode.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"

/** What is known about an operation when a call of it fails. */
export interface ProofFacts extends Pick<JournalEntry, "kind" | "nativeId" | "requestId"> {
  /** Whether an earlier call may have done something, and was not answered. */
  readonly unanswered: boolean
}

/** How a call failed. */
export type CallFailure =
  /** The plugin has answered: its provider refused, with this code. */
  | { readonly _tag: "Refused"; readonly code: ErrorCode }
  /** The call has not reached a provider: the plugin does not support it, or was not there. */
  | { readonly _tag: "NotSent" }
  /** No answer came back that could be understood. */
  | { readonly _tag: "NoAnswer" }

export type Proof =
  /** The operation has certainly failed. If a part of it exists, its native id is known. */
  | "Failed"
  /** A create that may have made something whose native id is not known. */
  | "Undecided"
  /** The provider has accepted the work, and may continue it. */
  | "UnderWay"
  /** An update or a delete. The next plan sees what it has done. */
  | "PlanAgain"

/** Whether the provider may have done the work anyway: a bug in the plugin can strike after it. */
const isDoubtful = (code: ErrorCode): boolean => isAmbiguous(code) || code === "UnforeseenError"

/** Failures to ask about accepted work, which say nothing about the work itself. */
const statusFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "Throttling",
  "AccessDenied",
  "InvalidCredentials",
  "PluginNotFound",
  "NotFound",
])

export const proofOf = ({ kind, nativeId, requestId, unanswered }: ProofFacts, failure: CallFailure): Proof => {
  if (requestId !== null) {
    const hasWorkFailed = failure._tag === "Refused" && !isDoubtful(failure.code) && !statusFailures.has(failure.code)
    return hasWorkFailed ? "Failed" : "UnderWay"
  }
  const isCertain =
    !unanswered && (failure._tag === "NotSent" || (failure._tag === "Refused" && !isDoubtful(failure.code)))
  if (kind !== "Create") return isCertain ? "Failed" : "PlanAgain"
  return isCertain || nativeId !== null ? "Failed" : "Undecided"
}
