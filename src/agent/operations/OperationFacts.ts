/** What is known of one operation under way. */
import type { Crash, JournalEntry } from "../records/JournalEntry.ts"
import type { ChangeFailed } from "./ChangeFailed.ts"
import type { FailingOperation } from "./Proof.ts"
import type { Known } from "./Recovery.ts"

/** Facts change as the operation runs; those that must survive are in the journal before anything depends on them. */
export interface OperationFacts {
  /** How often it was sent to the provider, over all launches. */
  attempts: number
  crashes: ReadonlyArray<Crash>
  nativeId: JournalEntry["nativeId"]
  requestId: JournalEntry["requestId"]
  /** Whether it may have reached a plugin. */
  maybeSent: boolean
  /** Whether a sending may have done something, and got no answer. */
  unanswered: boolean
}

export const initialFacts = ({ crashes, nativeId, requestId }: JournalEntry, takenUp: boolean): OperationFacts => ({
  attempts: 0,
  crashes,
  nativeId,
  requestId,
  maybeSent: takenUp,
  unanswered: takenUp,
})

/** The facts that decisions are made by. */
export const knownOf = (
  { kind }: JournalEntry,
  { maybeSent, nativeId, requestId, unanswered }: OperationFacts,
): Known & FailingOperation => ({ kind, nativeId, requestId, maybeSent, unanswered })

/** Why the end of an operation is not known. */
export const interruptionOf = ({ crashes }: OperationFacts): Pick<ChangeFailed, "message" | "reason"> => {
  const loss = crashes.at(-1)
  return loss === undefined
    ? { reason: { _tag: "CutOff" }, message: "formae was cut off while it ran" }
    : { reason: { _tag: "CallFailed", condition: "ConnectionLost" }, message: loss.message }
}
