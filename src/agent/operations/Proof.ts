/**
 * What a failure proves of an operation: a decision, as a function of what is
 * known of the operation and of what was heard. That this sending has failed
 * for certain says nothing of an earlier one that nobody has answered.
 */
import { isAmbiguous, type ErrorCode } from "../../protocol/ErrorCode.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"

/** What is known of an operation when it fails. */
export interface FailingOperation extends Pick<JournalEntry, "kind" | "nativeId" | "requestId"> {
  /** Whether an earlier sending may have done something, and was not heard of again. */
  readonly unanswered: boolean
}

export type Failing =
  /** The plugin has answered: its provider refused, with this code. */
  | { readonly _tag: "Refused"; readonly code: ErrorCode }
  /** This sending has not reached a provider: the plugin does not serve it, or was not there. */
  | { readonly _tag: "NotSent" }
  /** Nothing was heard of this sending that could be understood. */
  | { readonly _tag: "Unheard" }

export type Proof =
  /** It has failed for certain; what exists of it has a native id. */
  | "Failed"
  /** A create, which may have made something that nobody has told of. */
  | "Undecided"
  /** The provider had accepted the work, and may go on with it. */
  | "UnderWay"
  /** An update or a delete, of which the next plan sees what it has done. */
  | "Anew"

/** Of these, the provider may have done its part: a mistake in a plugin's code can come after it. */
const isDoubtful = (code: ErrorCode): boolean => isAmbiguous(code) || code === "UnforeseenError"

/** That accepted work can not be asked about now says nothing of the work. */
const ofAsking: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "Throttling",
  "AccessDenied",
  "InvalidCredentials",
  "PluginNotFound",
  "NotFound",
])

export const whatItProves = ({ kind, nativeId, requestId, unanswered }: FailingOperation, failing: Failing): Proof => {
  if (requestId !== null) {
    const isOfTheWork = failing._tag === "Refused" && !isDoubtful(failing.code) && !ofAsking.has(failing.code)
    return isOfTheWork ? "Failed" : "UnderWay"
  }
  const isCertain =
    !unanswered && (failing._tag === "NotSent" || (failing._tag === "Refused" && !isDoubtful(failing.code)))
  if (kind !== "Create") return isCertain ? "Failed" : "Anew"
  return isCertain || nativeId !== null ? "Failed" : "Undecided"
}
