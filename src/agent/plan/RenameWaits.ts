/** Which steps wait for each other because a create may turn out to be what a label has whose thing is deleted. */
import type { Change } from "./Change.ts"
import { ensure, remove } from "./StepIds.ts"

/** Ids of steps. One list is shared by all steps that wait for it: many may wait for as many. */
export type SharedWait = ReadonlyArray<string>

export interface RenameWaits {
  /** What the deletion of a label's thing waits for. */
  readonly beforeRemove: (label: string) => ReadonlyArray<SharedWait>
  /** What must be deleted before a replace creates: no step that deletes waits for one that creates. */
  readonly beforeEnsure: (change: Change) => ReadonlyArray<SharedWait>
}

export const renameWaits = (changes: ReadonlyArray<Change>, byLabel: ReadonlyMap<string, Change>): RenameWaits => {
  const waiting = new Map<string, Array<SharedWait>>()
  const removals = new Map<ReadonlyArray<string>, SharedWait>()
  const isReplace = (label: string): boolean => byLabel.get(label)?.operation === "replace"
  const wait = (label: string, list: SharedWait): void => {
    if (list.length === 0) return
    const known = waiting.get(label)
    if (known === undefined) waiting.set(label, [list])
    else known.push(list)
  }

  for (const [unwanted, found] of Map.groupBy(changes, (change) => change.unwanted)) {
    if (unwanted === undefined) continue
    const [replaces, creates] = [true, false].map((replaced) =>
      found.flatMap(({ label, operation }) => ((operation === "replace") === replaced ? [ensure(label)] : [])),
    )
    for (const label of unwanted) {
      wait(label, creates ?? [])
      // Two replaces may want each other's names: all is deleted before anything is created.
      if (!isReplace(label)) wait(label, replaces ?? [])
    }
    removals.set(unwanted, unwanted.filter(isReplace).map(remove))
  }

  return {
    beforeRemove: (label) => waiting.get(label) ?? [],
    beforeEnsure: ({ operation, unwanted }) => {
      const list = unwanted && removals.get(unwanted)
      return operation !== "replace" || list === undefined || list.length === 0 ? [] : [list]
    },
  }
}
