/**
 * The steps of a changeset, and what each waits for. A replace is two steps:
 * what depends on the old resource is removed before it, and what depends on
 * the new one comes after it.
 */
import * as Graph from "effect/Graph"
import * as Schema from "effect/Schema"
import type { Change } from "./Change.ts"
import { replacedLabelOf } from "./ReplacedLabel.ts"
import { renameWaits, type SharedWait } from "./RenameWaits.ts"
import { ensure, remove } from "./StepIds.ts"

/** `ensure` makes the resource what it should be; `remove` deletes it. */
export const StepAction = Schema.Literals(["ensure", "remove"])
export type StepAction = typeof StepAction.Type | never

export interface Step {
  readonly id: string
  readonly change: Change
  readonly action: StepAction
  /** The steps that must have succeeded before. */
  readonly after: ReadonlyArray<string>
  /** More of them. Each list is shared by all steps that wait for it. */
  readonly afterShared: ReadonlyArray<SharedWait>
}

/** Whether nothing is wanted under its label any more. */
export const isUnwanted = ({ operation }: Pick<Change, "operation">): boolean =>
  operation === "delete" || operation === "forget"
const isRemoved = (change: Change): boolean => isUnwanted(change) || change.operation === "replace"
const isEnsured = (change: Change): boolean => !isUnwanted(change)

interface DraftStep extends Step {
  /** The steps to wait for unless that makes a circle. */
  readonly preferredAfter: ReadonlyArray<string>
  readonly preferredShared: ReadonlyArray<SharedWait>
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
  return drafts.map(({ after, afterShared, preferredAfter, preferredShared, ...step }) => {
    const makesNoCircle = (earlier: Waited): boolean => circleOf.get(earlier) !== circleOf.get(step.id)
    // Of a list in the same circle, some steps may be outside of it.
    const inCircle = preferredShared.filter((list) => !makesNoCircle(list))
    return {
      ...step,
      after: [...after, ...[...preferredAfter, ...inCircle.flat()].filter(makesNoCircle)],
      afterShared: [...afterShared, ...preferredShared.filter(makesNoCircle)],
    }
  })
}

/** The steps that would have to wait for themselves, by circle. Only replacements that create first can ask for that. */
export const requiredCircles = (changes: ReadonlyArray<Change>): ReadonlyArray<ReadonlyArray<Step>> => {
  const drafts = draftSteps(changes).map((draft) => ({ ...draft, preferredAfter: [], preferredShared: [] }))
  const circleOf = circlesOf(drafts)
  return [...Map.groupBy(drafts, ({ id }) => circleOf.get(id)).values()].filter(({ length }) => length > 1)
}

/** What a step waits for: another one, or all of a shared list. */
type Waited = string | SharedWait

/**
 * A number for each step and each shared list: those in the same circle have the
 * same number. Each circle has preferred waiting in it.
 */
const circlesOf = (drafts: ReadonlyArray<DraftStep>): ReadonlyMap<Waited, number> => {
  const lists = new Set(drafts.flatMap(({ afterShared, preferredShared }) => [...afterShared, ...preferredShared]))
  const all: ReadonlyArray<Waited> = [...drafts.map(({ id }) => id), ...lists]
  const graph = Graph.directed<Waited, undefined>((mutable) => {
    const nodes = new Map(all.map((one) => [one, Graph.addNode(mutable, one)]))
    const connect = (earlier: Waited, later: Waited): void => {
      const from = nodes.get(earlier)
      const to = nodes.get(later)
      if (from !== undefined && to !== undefined) Graph.addEdge(mutable, from, to, undefined)
    }
    for (const { after, afterShared, id, preferredAfter, preferredShared } of drafts) {
      for (const earlier of [...after, ...afterShared, ...preferredAfter, ...preferredShared]) connect(earlier, id)
    }
    for (const list of lists) for (const id of list) connect(id, list)
  })
  return new Map(
    Graph.stronglyConnectedComponents(graph).flatMap((nodes, circle) =>
      nodes.flatMap((node) => {
        const one = all[node]
        return one === undefined ? [] : [[one, circle] as const]
      }),
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

  const renames = renameWaits(changes, byLabel)

  /** What replaces the old half of a replacement. It must be there before, unless it already was before this plan. */
  const newHalfOf = ({ label }: Change) => {
    const other = byLabel.get(replacedLabelOf(label) ?? "")
    const ids = other !== undefined && isEnsured(other) ? [ensure(other.label)] : []
    return other?.operation === "create" ? { required: ids, preferred: [] } : { required: [], preferred: ids }
  }

  return changes.flatMap((change) => {
    const steps: Array<DraftStep> = []
    const needed = change.dependsOn.filter((label) => {
      const other = byLabel.get(label)
      return other !== undefined && isEnsured(other)
    })
    if (isRemoved(change)) {
      const referring = (dependants.get(change.label) ?? []).filter(({ label }) => label !== change.label)
      const newHalf = newHalfOf(change)
      const staying = referring.filter((dependant) => !isRemoved(dependant))
      steps.push({
        id: remove(change.label),
        change,
        action: "remove",
        after: [...referring.filter(isRemoved).map(({ label }) => remove(label)), ...newHalf.required],
        afterShared: [],
        preferredAfter: [
          // In a replace, the resources that stay wait for the new resource instead.
          ...(isUnwanted(change) ? staying.map(({ label }) => ensure(label)) : needed.map((label) => ensure(label))),
          ...newHalf.preferred,
        ],
        preferredShared: renames.beforeRemove(change.label),
      })
    }
    if (isEnsured(change)) {
      const after = needed.map((label) => ensure(label))
      steps.push({
        id: ensure(change.label),
        change,
        action: "ensure",
        after: change.operation === "replace" ? [remove(change.label), ...after] : after,
        afterShared: renames.beforeEnsure(change),
        preferredAfter: [],
        preferredShared: [],
      })
    }
    return steps
  })
}
