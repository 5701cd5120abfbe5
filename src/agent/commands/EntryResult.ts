/** Results of commands, made of what was planned, done and found. */
import type { ResourceResult } from "../apply/ResourceResult.ts"
import { errorOf, statusOf, type WhyNot } from "../apply/StepOutcome.ts"
import type { StepResult } from "../apply/StepRequest.ts"
import { summaryOfEntry } from "../apply/TakeUp.ts"
import type { ChangeFailed } from "../operations/ChangeFailed.ts"
import type { Change, ChangeSummary } from "../plan/Change.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { CommandName, CommandResult } from "./CommandResult.ts"

const commandStatus = (command: CommandName, resources: ReadonlyArray<ResourceResult>): CommandResult["status"] => {
  if (resources.some(({ status }) => status === "failed")) return "failed"
  if (resources.some(({ status }) => status === "canceled")) return "canceled"
  return command === "plan" ? "planned" : "succeeded"
}

/** With what is worth knowing besides, where there is something. */
export const noted = (result: CommandResult, notes: ReadonlyArray<string>): CommandResult =>
  notes.length === 0 ? result : { ...result, note: notes.join("\n") }

export const resultOf = (command: CommandName, resources: ReadonlyArray<ResourceResult>) => ({
  command,
  status: commandStatus(command, resources),
  resources,
})

/** Of a resource that nothing was done to, or is known of yet. */
const untouched = { attempts: 0, crashes: [], durationMillis: 0, changed: [] } as const

export const plannedResult = ({ blocked, changed, label, nativeId, operation, type }: Change): ResourceResult => ({
  ...untouched,
  label,
  type,
  operation,
  status: blocked === undefined ? "planned" : "failed",
  nativeId: nativeId ?? null,
  error: blocked ?? null,
  changed,
})

export const inventoryResult = ({ forma, label, nativeId, type }: InventoryRow): ResourceResult => ({
  ...untouched,
  label,
  type,
  operation: "noop",
  status: "succeeded",
  nativeId,
  error: null,
  forma,
})

/**
 * What a command did, with what it took up of an earlier one: that is what was
 * done to a resource to which nothing had to be done any more, and to one that
 * the command knows nothing of.
 */
export const withTakenUp = (
  results: ReadonlyArray<ResourceResult>,
  takenUp: ReadonlyMap<string, ResourceResult>,
): ReadonlyArray<ResourceResult> => {
  const known = new Set(results.map(({ label }) => label))
  return [
    ...results.map((result) => {
      const before = takenUp.get(result.label)
      return result.operation === "noop" && result.error === null && before?.error === null ? before : result
    }),
    ...[...takenUp.values()].filter(({ label }) => !known.has(label)),
  ]
}

/** The result of an operation that was taken up, or settled by a human. */
const entryResult = (
  { changed, label, operation, type }: ChangeSummary,
  ended: Pick<ResourceResult, "attempts" | "crashes" | "durationMillis" | "nativeId">,
  failure?: WhyNot,
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

export const finishedEntry = (
  change: ChangeSummary,
  { attempts, crashes, nativeId }: Extract<StepResult, { _tag: "Done" }>,
  durationMillis: number,
): ResourceResult => entryResult(change, { attempts, crashes, nativeId, durationMillis })

export const failedEntry = (
  change: ChangeSummary,
  { attempts, crashes = [], message, nativeId, reason }: ChangeFailed,
  durationMillis: number,
): ResourceResult =>
  entryResult(change, { attempts, crashes, nativeId: nativeId ?? null, durationMillis }, { reason, message })

/** Left as it was. */
export const canceledEntry = (change: ChangeSummary): ResourceResult =>
  entryResult(
    change,
    { ...untouched, nativeId: null },
    { reason: { _tag: "Canceled" }, message: "not taken up, because the command was asked to stop" },
  )

/** What was done, or found, for a resource that a human has settled. */
export const settledEntry = (entry: JournalEntry): ResourceResult => ({
  ...entryResult(summaryOfEntry(entry), { ...untouched, crashes: entry.crashes, nativeId: entry.nativeId }),
  forma: entry.forma,
})
