/** Results of commands, made of what was planned, done and found. */
import type { ResourceResult } from "../apply/ResourceResult.ts"
import type { Change } from "../plan/Change.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { CommandName, CommandResult } from "./CommandResult.ts"

const commandStatus = (command: CommandName, resources: ReadonlyArray<ResourceResult>): CommandResult["status"] => {
  if (resources.some(({ status }) => status === "failed")) return "failed"
  if (resources.some(({ status }) => status === "canceled")) return "canceled"
  return command === "plan" ? "planned" : "succeeded"
}

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
