/** The changes of a plan that a command makes which was limited to some labels. Pure. */
import * as Result from "effect/Result"
import type { Change } from "./Change.ts"
import type { AddedLabel, AddedReason, OnlyLabels } from "./OnlyLabels.ts"
import type { OnlyReason } from "./OnlyRefused.ts"
import { replacedLabelOf } from "./ReplacedLabel.ts"
import { isUnwanted } from "./StepOrder.ts"

/** What is left of a plan. */
export interface Selected {
  readonly changes: ReadonlyArray<Change>
  readonly only: OnlyLabels
}

/**
 * The changes of the chosen labels, and those without which they cannot be made:
 * what they need, what a replacement forces, and the whole of a rename. A label
 * that nothing has any more is left out. `changes` have each replacement that
 * creates first as a create and a delete.
 */
export const selectChanges = (
  changes: ReadonlyArray<Change>,
  labels: ReadonlyArray<string>,
): Result.Result<Selected, OnlyReason> => {
  const index = indexChanges(changes)
  for (const label of labels) {
    const to = index.movedFrom(label)?.label
    if (to !== undefined && index.find(label) === undefined) return Result.fail({ _tag: "Renamed", label, to })
  }
  const added = new Map<string, AddedLabel>()
  const chosen = new Map(labels.flatMap((label) => listOf(index.find(label))).map((change) => [change.label, change]))
  // What is added while this runs is visited too.
  for (const change of chosen.values()) {
    for (const [reason, others] of neededWith(change, index)) {
      for (const other of others) {
        if (chosen.has(other.label)) continue
        chosen.set(other.label, other)
        added.set(other.label, { label: other.label, by: change.label, reason })
      }
    }
  }
  const isChosen = (label: string): boolean => chosen.has(label)
  const selected = changes.filter(({ label }) => isChosen(label))
  const refusal = stillNeeded(selected, index, isChosen)
  if (refusal !== undefined) return Result.fail(refusal)
  return Result.succeed({
    changes: withUnwantedOf(selected, index, isChosen),
    only: {
      labels: [...new Set(labels)],
      added: selected.flatMap(({ label }) => added.get(label) ?? []),
      of: changes.length,
    },
  })
}

/** The changes by what a selection looks for. */
export interface ChangesIndex {
  /** The changes of resources that depended on a label when they were last applied. */
  readonly dependantsOf: (label: string) => ReadonlyArray<Change>
  readonly find: (label: string) => Change | undefined
  /** The change of what a replacement in this plan deletes after its create. */
  readonly oldHalvesOf: (label: string) => ReadonlyArray<Change>
  /** Whether it is such a change. */
  readonly isOldHalf: (change: Change) => boolean
  /** The change that takes its label from another one. */
  readonly movedFrom: (label: string) => Change | undefined
}

export const indexChanges = (changes: ReadonlyArray<Change>): ChangesIndex => {
  const byLabel = new Map(changes.map((change) => [change.label, change]))
  const moved = new Map(
    changes.flatMap((change) => (change.movedFrom === undefined ? [] : [[change.movedFrom, change]])),
  )
  const dependants = new Map<string, Array<Change>>()
  for (const change of changes) {
    for (const label of change.existing?.row.dependsOn ?? []) {
      if (label === change.label) continue
      const known = dependants.get(label)
      if (known === undefined) dependants.set(label, [change])
      else known.push(change)
    }
  }
  const isOldHalf = ({ label }: Change): boolean => byLabel.get(replacedLabelOf(label) ?? "")?.operation === "create"
  const oldHalves = Map.groupBy(changes.filter(isOldHalf), ({ label }) => replacedLabelOf(label))
  return {
    dependantsOf: (label) => dependants.get(label) ?? [],
    find: (label) => byLabel.get(label),
    oldHalvesOf: (label) => oldHalves.get(label) ?? [],
    isOldHalf,
    movedFrom: (label) => moved.get(label),
  }
}

const listOf = (change: Change | undefined): ReadonlyArray<Change> => (change === undefined ? [] : [change])

/** What a change cannot be made without. */
export const neededWith = (
  change: Change,
  { dependantsOf, find, isOldHalf, movedFrom, oldHalvesOf }: ChangesIndex,
): ReadonlyArray<readonly [AddedReason, ReadonlyArray<Change>]> => {
  const { dependsOn, label, operation } = change
  const isOld = isOldHalf(change)
  const needed = isUnwanted(change) ? (isOld ? [replacedLabelOf(label) ?? ""] : []) : dependsOn
  const followers = operation === "replace" || isOld ? dependantsOf(label) : []
  return [
    ["needed", needed.flatMap((one) => listOf(find(one)))],
    ["replaced", oldHalvesOf(label)],
    ["renamed", listOf(movedFrom(label))],
    // What is deleted because the document no longer has it is nobody's to add.
    ["dependent", followers.filter((one) => one.operation !== "noop" && (!isUnwanted(one) || isOldHalf(one)))],
  ]
}

export const isBlocked = ({ blocked }: Change): boolean => blocked !== undefined

/** The first removal that would have to wait for something that was not chosen. */
const stillNeeded = (
  selected: ReadonlyArray<Change>,
  index: ChangesIndex,
  isChosen: (label: string) => boolean,
): OnlyReason | undefined => {
  for (const change of selected) {
    const { label, operation } = change
    if (operation !== "delete" && operation !== "replace") continue
    const by = removalsNeeded(change, index, isChosen)
    if (by.length > 0) return { _tag: "StillNeeded", label, operation, by: by.map((other) => other.label) }
  }
  return undefined
}

/** What a removal would have to wait for and was not chosen. */
export const removalsNeeded = (
  { label, operation }: Change,
  { dependantsOf }: ChangesIndex,
  isChosen: (label: string) => boolean,
): ReadonlyArray<Change> =>
  operation !== "delete" && operation !== "replace"
    ? []
    : dependantsOf(label).filter(
        (other) =>
          !isChosen(other.label) && (other.operation !== "noop" || (operation === "delete" && isBlocked(other))),
      )

/**
 * A create may find what a label has whose thing is deleted. Where the document
 * no longer wants that label, it is a rename, whatever was chosen; otherwise the
 * label keeps its thing, unless its own change was chosen.
 */
export const withUnwantedOf = (
  selected: ReadonlyArray<Change>,
  { find }: ChangesIndex,
  isChosen: (label: string) => boolean,
): ReadonlyArray<Change> => {
  // Changes share these lists, and still do.
  const lists = new Map<ReadonlyArray<string>, ReadonlyArray<string>>()
  return selected.map((change) => {
    const { unwanted, ...rest } = change
    if (unwanted === undefined) return change
    const list =
      lists.get(unwanted) ?? unwanted.filter((label) => isChosen(label) || listOf(find(label)).some(isUnwanted))
    lists.set(unwanted, list)
    return list.length === 0 ? rest : { ...rest, unwanted: list }
  })
}
