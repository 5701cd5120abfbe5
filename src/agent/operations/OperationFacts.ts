/** What is known about one operation under way. */
import type { Crash, JournalEntry } from "../records/JournalEntry.ts"
import type { StepFailure } from "./ChangeFailed.ts"
import type { ProofFacts } from "./Proof.ts"
import type { RecoveryFacts } from "./Recovery.ts"

/** Changes as the operation runs. What must survive is in the journal before anything depends on it. */
export interface OperationFacts {
  /** How often it was sent to the provider, over all launches. */
  attempts: number
  crashes: ReadonlyArray<Crash>
  nativeId: JournalEntry["nativeId"]
  requestId: JournalEntry["requestId"]
  /** Whether it may have reached a plugin. */
  maybeSent: boolean
  /** Whether it was sent, may have done something, and was not answered. */
  unanswered: boolean
}

export const initialFacts = ({ crashes, nativeId, requestId }: JournalEntry, isTakenUp: boolean): OperationFacts => ({
  attempts: 0,
  crashes,
  nativeId,
  requestId,
  maybeSent: isTakenUp,
  unanswered: isTakenUp,
})

/** The facts that decisions are based on. */
export const decisionFacts = (
  { kind }: JournalEntry,
  { maybeSent, nativeId, requestId, unanswered }: OperationFacts,
): ProofFacts & RecoveryFacts => ({ kind, nativeId, requestId, maybeSent, unanswered })

/** Why the end of an operation is not known. */
export const interruptionOf = ({ crashes }: OperationFacts): StepFailure => {
  const loss = crashes.at(-1)
  return loss === undefined
    ? { reason: { _tag: "CutOff" }, message: "formae was cut off while it ran" }
    : { reason: { _tag: "CallFailed", condition: "ConnectionLost" }, message: loss.message }
}
