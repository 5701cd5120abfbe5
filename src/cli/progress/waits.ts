/** Which changes of a plan wait for which others. */
import type { PlannedChange } from "../../agent/index.ts"

/** What a wait follows from. */
export type Waiting = Pick<PlannedChange, "label" | "operation" | "dependsOn">

const isRemoval = ({ operation }: Waiting): boolean => operation === "delete" || operation === "forget"

/**
 * Gives the labels that a change waits for: those that it depends on. A delete
 * waits for the deletes that depend on it.
 */
export const makeWaits = (changes: ReadonlyArray<Waiting>): ((change: Waiting) => ReadonlyArray<string>) => {
  const removals = changes.filter(isRemoval)
  const dependants = new Map<string, Array<string>>()
  for (const { dependsOn, label } of removals) {
    for (const needed of dependsOn) {
      const known = dependants.get(needed)
      if (known === undefined) dependants.set(needed, [label])
      else known.push(label)
    }
  }
  const removed = new Set(removals.map(({ label }) => label))
  return (change) =>
    isRemoval(change)
      ? (dependants.get(change.label) ?? []).filter((label) => label !== change.label)
      : change.dependsOn.filter((label) => !removed.has(label))
}
