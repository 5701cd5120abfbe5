/**
 * Replacements that create the new resource before they delete the old one. The
 * old one gets a label of its own, which no document can have. So inventory and
 * journal have both at once, and whatever is cut off, the next plan deletes the
 * old one when the new one is there.
 */
import type { FormaIssue, FormaResource } from "../forma/FormaDocument.ts"
import { type Change, type ExistingResource, hasMoved } from "./Change.ts"
import { isToBeNamed } from "./PresentName.ts"

const suffix = / \(replaced(?: \d+)?\)$/u

/** The label whose resource has replaced the one under this label. Undefined for labels of documents. */
export const replacedLabelOf = (label: string): string | undefined =>
  suffix.test(label) ? label.replace(suffix, "") : undefined

const labelForOld = (label: string, taken: ReadonlySet<string>): string => {
  for (let count = 1; ; count++) {
    const free = `${label} (replaced${count === 1 ? "" : ` ${count}`})`
    if (!taken.has(free)) return free
  }
}

const isCreateFirst = ({ operation, wanted }: Change): boolean =>
  operation === "replace" && wanted?.resource.replace === "createFirst"

/** Why the new resource cannot be there beside the old one: they would have one name. */
const objectionTo = ({ changed, existing, wanted }: Change): string | undefined => {
  if (existing === undefined || wanted === undefined || isToBeNamed(wanted) || hasMoved(existing.row, wanted)) return
  const { capabilities, nativeId } = wanted
  const { naming } = capabilities
  const isAnother =
    naming === undefined
      ? capabilities.idempotency !== "name" || (nativeId !== undefined && nativeId !== existing.row.nativeId)
      : changed.includes(naming.property)
  if (isAnother) return
  const what = naming === undefined ? "what it is for" : naming.property
  const wayOut = naming === undefined ? "" : `leave out ${naming.property}, so that a name is made, or `
  return `it has to be replaced, and ${what} stays the same, so the new one cannot be created before the old one is deleted: ${wayOut}take createFirst out`
}

/** The replacements of a plan that cannot be done as their document asks. */
export const createFirstIssues = (
  resources: ReadonlyArray<FormaResource>,
  changes: ReadonlyArray<Change>,
): ReadonlyArray<FormaIssue> =>
  changes.filter(isCreateFirst).flatMap((change) => {
    const message = objectionTo(change)
    const index = resources.findIndex(({ label }) => label === change.label)
    return message === undefined ? [] : [{ path: ["resources", index, "replace"], message }]
  })

/** What such replacements delete, each under the label that it gets. */
export const replacedFirst = (changes: ReadonlyArray<Change>): ReadonlyArray<ExistingResource> => {
  const taken = new Set(changes.map(({ label }) => label))
  return changes.filter(isCreateFirst).flatMap(({ existing, label }) => {
    if (existing === undefined) return []
    const movedFrom = existing.movedFrom ?? label
    return [{ ...existing, row: { ...existing.row, label: labelForOld(label, taken) }, movedFrom }]
  })
}

/** Each of these replacements as a create and a delete. What has referred to the old resource still does. */
export const withCreateFirst = (
  changes: ReadonlyArray<Change>,
  deletions: ReadonlyArray<Change>,
): ReadonlyArray<Change> => {
  if (deletions.length === 0) return changes
  const oldLabels = new Map(deletions.map(({ label }) => [replacedLabelOf(label) ?? label, label]))
  const renamed = (labels: ReadonlyArray<string>) => labels.map((label) => oldLabels.get(label) ?? label)
  // Changes share these lists, and still do.
  const lists = new Map<ReadonlyArray<string>, ReadonlyArray<string>>()
  const renamedOnce = (labels: ReadonlyArray<string>): ReadonlyArray<string> => {
    const list = lists.get(labels) ?? renamed(labels)
    lists.set(labels, list)
    return list
  }
  const withOld = (change: Change): Change => ({
    ...change,
    ...(change.unwanted && { unwanted: renamedOnce(change.unwanted) }),
    ...(change.existing && {
      existing: {
        ...change.existing,
        row: { ...change.existing.row, dependsOn: renamed(change.existing.row.dependsOn) },
      },
    }),
  })
  const rest = changes.map((change) => {
    if (!isCreateFirst(change) || change.existing === undefined) return withOld(change)
    const { existing: _, forcedBy: __, movedFrom: ___, nativeId: ____, sharedWith: _____, ...created } = change
    // It is certainly not its own old half.
    const unwanted = created.unwanted?.filter((label) => label !== created.label)
    return withOld({ ...created, operation: "create", changed: [], ...(unwanted && { unwanted }) })
  })
  return [...rest, ...deletions.map(withOld)]
}
