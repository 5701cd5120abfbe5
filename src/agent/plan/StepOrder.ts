/**
 * The steps of a changeset, and what each waits for. A replace is two steps:
 * what depends on the old resource is removed before it, and what depends on
 * the new one comes after it.
 */
import * as Graph from "effect/Graph"
import * as Schema from "effect/Schema"
import type { Change } from "./Change.ts"
import { replacedLabelOf } from "./CreateFirst.ts"

/** `ensure` makes the resource what it should be; `remove` deletes it. */
export const StepAction = Schema.Literals(["ensure", "remove"])
export type StepAction = typeof StepAction.Type | never

export interface Step {
  readonly id: string
  readonly change: Change
  readonly action: StepAction
  /** The steps that must have succeeded before. */
  readonly after: ReadonlyArray<string>
}

const ensure = (label: string): string => `ensure:${label}`
const remove = (label: string): string => `remove:${label}`

/** Whether nothing is wanted under its label any more. */
export const isUnwanted = ({ operation }: Pick<Change, "operation">): boolean =>
  operation === "delete" || operation === "forget"
const isRemoved = (change: Change): boolean => isUnwanted(change) || change.operation === "replace"
const isEnsured = (change: Change): boolean => !isUnwanted(change)

interface DraftStep extends Step {
  /** The steps to wait for unless that makes a circle. */
  readonly preferredAfter: ReadonlyArray<string>
}

/**
 * Some of the waiting is preferred, but not required: a resource that is deleted
 * waits until those that stay no longer refer to it, and the old half of a
 * replace stays until what the new half needs exists. Such waiting is dropped
 * only where it would make a circle with the required waiting.
 */
export const orderSteps = (changes: ReadonlyArray<Change>): ReadonlyArray<Step> => {
  const drafts = draftSteps(changes)
  const circleOf = circlesOf(drafts)
  return drafts.map(({ after, preferredAfter, ...step }) => ({
    ...step,
    after: [...after, ...preferredAfter.filter((id) => circleOf.get(id) !== circleOf.get(step.id))],
  }))
}

/** A number for each step: steps in the same circle have the same number. Each circle has preferred waiting in it. */
const circlesOf = (drafts: ReadonlyArray<DraftStep>): ReadonlyMap<string, number> => {
  const ids = drafts.map(({ id }) => id)
  const graph = Graph.directed<string, undefined>((mutable) => {
    const nodes = new Map(ids.map((id) => [id, Graph.addNode(mutable, id)]))
    for (const { after, id, preferredAfter } of drafts) {
      for (const earlier of [...after, ...preferredAfter]) {
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

  /** The changes whose resources referred to a label when they were last applied. */
  const dependants = new Map<string, Array<Change>>()
  for (const change of changes) {
    for (const label of change.existing?.row.dependsOn ?? []) {
      const known = dependants.get(label)
      if (known === undefined) dependants.set(label, [change])
      else known.push(change)
    }
  }

  /** The creates that may turn out to be what a label has whose thing is deleted. */
  const renames = new Map<string, Array<string>>()
  for (const { label, operation, unwanted = [] } of changes) {
    for (const old of unwanted) {
      // Two replaces may want each other's names: all is deleted before anything is created.
      if (operation === "replace" && byLabel.get(old)?.operation === "replace") continue
      const known = renames.get(old)
      if (known === undefined) renames.set(old, [ensure(label)])
      else known.push(ensure(label))
    }
  }

  /** The deletions that must be done before a replace creates: no step that deletes waits for one that creates. */
  const replacedToo = ({ unwanted = [] }: Change): ReadonlyArray<string> =>
    unwanted.flatMap((label) => (byLabel.get(label)?.operation === "replace" ? [remove(label)] : []))

  /** What must exist before the old half of a replacement is deleted. */
  const newHalfOf = ({ label }: Change): ReadonlyArray<string> => {
    const other = byLabel.get(replacedLabelOf(label) ?? "")
    return other !== undefined && isEnsured(other) ? [ensure(other.label)] : []
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
        preferredAfter: [
          // In a replace, the resources that stay wait for the new resource instead.
          ...(isUnwanted(change) ? staying.map(({ label }) => ensure(label)) : needed.map((label) => ensure(label))),
          ...(renames.get(change.label) ?? []),
          ...newHalfOf(change),
        ],
      })
    }
    if (isEnsured(change)) {
      const after = needed.map((label) => ensure(label))
      steps.push({
        id: ensure(change.label),
        change,
        action: "ensure",
        after: change.operation === "replace" ? [remove(change.label), ...replacedToo(change), ...after] : after,
        preferredAfter: [],
      })
    }
    return steps
  })
}
