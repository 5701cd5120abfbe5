/** The results of operations that a command took up, or that a human has settled. */
import { type ResourceResult, untouched } from "../apply/ResourceResult.ts"
import { errorOf, outputsOf, statusOf } from "../apply/StepOutcome.ts"
import type { StepResult } from "../apply/StepResult.ts"
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

/** An operation that was not taken up. */
export const canceledEntry = (change: ChangeSummary): ResourceResult =>
  entryResult(
    change,
    { ...untouched, nativeId: null },
    { reason: { _tag: "Canceled" }, message: "not taken up, because the command was asked to stop" },
  )

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
