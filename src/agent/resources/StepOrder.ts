/**
 * The steps of a changeset, and what each waits for. A replace is two steps:
 * what depends on the old resource goes before it, and what depends on the new
 * one comes after it.
 */
import * as Graph from "effect/Graph"
import type { Change } from "./Plan.ts"

export interface Step {
  readonly id: string
  readonly change: Change
  /** `settle` makes the resource what it should be; `remove` deletes it. */
  readonly action: "settle" | "remove"
  /** The steps that must have succeeded before. */
  readonly after: ReadonlyArray<string>
}

const settle = (label: string): string => `settle:${label}`
const remove = (label: string): string => `remove:${label}`

const isRemoved = ({ operation }: Change): boolean => operation === "delete" || operation === "replace"
const isSettled = ({ operation }: Change): boolean => operation !== "delete"

/**
 * A resource that stays should let go of one that is deleted before it is. That
 * is a courtesy: where it would make a circle with what must be, it is dropped.
 */
export const orderSteps = (changes: ReadonlyArray<Change>): ReadonlyArray<Step> => {
  const steps = makeSteps(changes, true)
  return hasCircle(steps) ? makeSteps(changes, false) : steps
}

const hasCircle = (steps: ReadonlyArray<Step>): boolean =>
  !Graph.isAcyclic(
    Graph.directed<string, undefined>((mutable) => {
      const nodes = new Map(steps.map(({ id }) => [id, Graph.addNode(mutable, id)]))
      for (const step of steps) {
        for (const id of step.after) {
          const from = nodes.get(id)
          const to = nodes.get(step.id)
          if (from !== undefined && to !== undefined) Graph.addEdge(mutable, from, to, undefined)
        }
      }
    }),
  )

const makeSteps = (changes: ReadonlyArray<Change>, letGoFirst: boolean): ReadonlyArray<Step> => {
  const byLabel = new Map(changes.map((change) => [change.label, change]))

  /** Who referred to a label when it was last applied. */
  const dependants = new Map<string, Array<Change>>()
  for (const change of changes) {
    for (const label of change.existing?.row.dependsOn ?? []) {
      const known = dependants.get(label)
      if (known === undefined) dependants.set(label, [change])
      else known.push(change)
    }
  }

  return changes.flatMap((change) => {
    const steps: Array<Step> = []
    if (isRemoved(change)) {
      const after = (dependants.get(change.label) ?? []).flatMap((dependant) => {
        if (dependant.label === change.label) return []
        if (isRemoved(dependant)) return [remove(dependant.label)]
        // It stays and lets go of this one, which must come first; in a replace it follows the new one instead.
        return letGoFirst && change.operation === "delete" ? [settle(dependant.label)] : []
      })
      steps.push({ id: remove(change.label), change, action: "remove", after })
    }
    if (isSettled(change)) {
      const needed = change.dependsOn.flatMap((label) => {
        const other = byLabel.get(label)
        return other !== undefined && isSettled(other) ? [settle(label)] : []
      })
      const after = change.operation === "replace" ? [remove(change.label), ...needed] : needed
      steps.push({ id: settle(change.label), change, action: "settle", after })
    }
    return steps
  })
}
