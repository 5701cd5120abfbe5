/**
 * The steps of a changeset, and what each waits for. A replace is two steps:
 * what depends on the old resource goes before it, and what depends on the new
 * one comes after it.
 */
import * as Graph from "effect/Graph"
import * as Schema from "effect/Schema"
import type { Change } from "./Change.ts"

/** `ensure` makes the resource what it should be; `remove` deletes it. */
export const StepAction = Schema.Literals(["ensure", "remove"])
export type StepAction = typeof StepAction.Type

export interface Step {
  readonly id: string
  readonly change: Change
  readonly action: StepAction
  /** The steps that must have succeeded before. */
  readonly after: ReadonlyArray<string>
}

const ensure = (label: string): string => `ensure:${label}`
const remove = (label: string): string => `remove:${label}`

const isRemoved = ({ operation }: Change): boolean => operation === "delete" || operation === "replace"
const isEnsured = ({ operation }: Change): boolean => operation !== "delete"

/** A step with what it waits for only as long as that makes no circle. */
interface DraftStep extends Step {
  readonly courtesies: ReadonlyArray<string>
}

/**
 * Some of the waiting is a courtesy: a resource that stays lets go of one that
 * is deleted before it is, and the old half of a replace stays until what the
 * new half needs is there. Where that would make a circle with what must be,
 * it is dropped, and nowhere else.
 */
export const orderSteps = (changes: ReadonlyArray<Change>): ReadonlyArray<Step> => {
  const drafts = draftSteps(changes)
  const circleOf = circlesOf(drafts)
  return drafts.map(({ after, courtesies, ...step }) => ({
    ...step,
    after: [...after, ...courtesies.filter((id) => circleOf.get(id) !== circleOf.get(step.id))],
  }))
}

/** A number for each step; two steps that are in one circle have the same. Each circle has a courtesy in it. */
const circlesOf = (drafts: ReadonlyArray<DraftStep>): ReadonlyMap<string, number> => {
  const ids = drafts.map(({ id }) => id)
  const graph = Graph.directed<string, undefined>((mutable) => {
    const nodes = new Map(ids.map((id) => [id, Graph.addNode(mutable, id)]))
    for (const { after, courtesies, id } of drafts) {
      for (const earlier of [...after, ...courtesies]) {
        const from = nodes.get(earlier)
        const to = nodes.get(id)
        if (from !== undefined && to !== undefined) Graph.addEdge(mutable, from, to, undefined)
      }
    }
  })
  return new Map(
    Graph.stronglyConnectedComponents(graph).flatMap((nodes, circle) =>
      nodes.map((node) => [ids[node] ?? "", circle] as const),
    ),
  )
}

const draftSteps = (changes: ReadonlyArray<Change>): ReadonlyArray<DraftStep> => {
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
    const steps: Array<DraftStep> = []
    const needed = change.dependsOn.filter((label) => {
      const other = byLabel.get(label)
      return other !== undefined && isEnsured(other)
    })
    if (isRemoved(change)) {
      const referring = (dependants.get(change.label) ?? []).filter(({ label }) => label !== change.label)
      const staying = referring.filter((dependant) => !isRemoved(dependant))
      steps.push({
        id: remove(change.label),
        change,
        action: "remove",
        after: referring.filter(isRemoved).map(({ label }) => remove(label)),
        // In a replace, what stays follows the new one instead of letting go of the old one.
        courtesies:
          change.operation === "delete"
            ? staying.map(({ label }) => ensure(label))
            : needed.map((label) => ensure(label)),
      })
    }
    if (isEnsured(change)) {
      const after = needed.map((label) => ensure(label))
      steps.push({
        id: ensure(change.label),
        change,
        action: "ensure",
        after: change.operation === "replace" ? [remove(change.label), ...after] : after,
        courtesies: [],
      })
    }
    return steps
  })
}
