/** The results of operations that a command took up, or that a human has settled. */
import { type ResourceResult, untouched } from "../apply/ResourceResult.ts"
import { errorOf, outputsOf, statusOf } from "../apply/StepOutcome.ts"
import type { StepResult } from "../apply/StepResult.ts"
import { leftUnderWay } from "../operations/Attention.ts"
import { type ChangeFailed, type StepFailure, stepFailureOf } from "../operations/ChangeFailed.ts"
import { type ChangeSummary, summaryOfEntry } from "../plan/Change.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"

export const succeededEntry = (
  change: ChangeSummary,
  done: Extract<StepResult, { _tag: "Done" }>,
  durationMillis: number,
): ResourceResult => {
  const { attempts, crashes, nativeId } = done
  const result = entryResult(change, { attempts, crashes, nativeId, durationMillis })
  return change.operation === "delete" ? result : { ...result, outputs: outputsOf(done) }
}

export const failedEntry = (change: ChangeSummary, error: ChangeFailed, durationMillis: number): ResourceResult => {
  const { attempts, crashes = [], nativeId = null } = error
  return entryResult(change, { attempts, crashes, nativeId, durationMillis }, stepFailureOf(error))
}

/**
 * An operation that was not taken up, because the command was asked to stop. It
 * was sent, or was about to be, when it was recorded.
 */
export const leftEntry = (entry: JournalEntry): ResourceResult => {
  const failure =
    entry.requestId === null
      ? leftUnderWay(
          entry,
          "an earlier command has sent it, and it was not checked, because the command was asked to stop; the next command will resume it",
        )
      : leftUnderWay(entry)
  const { crashes, nativeId } = entry
  return entryResult(summaryOfEntry(entry), { ...untouched, crashes, nativeId }, failure)
}

/** An operation that a human has settled. */
export const settledEntry = (operation: "adopt" | "forget", entry: JournalEntry): ResourceResult => ({
  ...entryResult(
    { ...summaryOfEntry(entry), operation },
    { ...untouched, crashes: entry.crashes, nativeId: entry.nativeId },
  ),
  forma: entry.forma,
})

const entryResult = (
  { changed, label, operation, type }: ChangeSummary,
  ended: Pick<ResourceResult, "attempts" | "crashes" | "durationMillis" | "nativeId">,
  failure?: StepFailure,
): ResourceResult => ({
  label,
  type,
  operation,
  status: statusOf(failure),
  nativeId: ended.nativeId,
  attempts: ended.attempts,
  crashes: ended.crashes,
  durationMillis: ended.durationMillis,
  error: errorOf(failure),
  changed,
})
