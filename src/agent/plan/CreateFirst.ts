/**
 * Replacements that create the new resource before they delete the old one, or
 * forget it where it is retained. The old one gets a label of its own, which no
 * document can have. So inventory and journal have both at once, and whatever is
 * cut off, the next plan deletes the old one when the new one is there, and takes
 * it back when it is not (`TakenBack`).
 */
import type { FormaIssue, FormaResource } from "../forma/FormaDocument.ts"
import type { Change, ExistingResource } from "./Change.ts"
import { hasMoved } from "./ResourceLocation.ts"
import { careFor } from "../records/Care.ts"
import { isToBeNamed } from "./PresentName.ts"
import { labelForOld, replacedLabelOf, replacementOf } from "./ReplacedLabel.ts"

/** What is retained stays beside the new one, and so the new one can as well be created first. */
export const mayCreateFirst = ({ onRemove, replace }: Pick<FormaResource, "onRemove" | "replace">): boolean =>
  replace === "createFirst" || onRemove === "retain"

const isCreateFirst = ({ operation, wanted }: Change): boolean =>
  operation === "replace" && wanted !== undefined && mayCreateFirst(wanted.resource)

/** Why the new resource cannot be there beside the old one: they would have one name. */
const objectionTo = ({ changed, existing, wanted }: Change): string | undefined => {
  if (existing === undefined || wanted === undefined || isToBeNamed(wanted) || hasMoved(existing.row, wanted)) return
  const { capabilities, nativeId, resource } = wanted
  const { idempotency, naming } = capabilities
  // Where the provider chooses the native id, it is the provider that knows whether there may be two.
  if (idempotency !== "name") return
  const isAnother =
    nativeId === undefined
      ? naming !== undefined && changed.includes(naming.property)
      : nativeId !== existing.row.nativeId
  if (isAnother) return
  const what = naming === undefined ? "what it is for" : naming.property
  const wayOut = naming === undefined ? "" : `leave out ${naming.property}, so that a name is made, or `
  return resource.onRemove === "retain"
    ? `it has to be replaced, and ${what} stays the same, so the new one cannot be created while the old one is retained: ${wayOut}take retain out`
    : `it has to be replaced, and ${what} stays the same, so the new one cannot be created before the old one is deleted: ${wayOut}take createFirst out`
}

/** The replacements of a plan that cannot be done as their document asks. */
export const createFirstIssues = (
  resources: ReadonlyArray<FormaResource>,
  changes: ReadonlyArray<Change>,
): ReadonlyArray<FormaIssue> =>
  changes.filter(isCreateFirst).flatMap((change) => {
    const message = objectionTo(change)
    const index = resources.findIndex(({ label }) => label === change.label)
    const field = change.wanted?.resource.onRemove === "retain" ? "onRemove" : "replace"
    return message === undefined ? [] : [{ path: ["resources", index, field], message }]
  })

/** What such replacements delete or forget, each under the label that it gets, and with the care that the document asks for now. */
export const replacedFirst = (changes: ReadonlyArray<Change>): ReadonlyArray<ExistingResource> => {
  const taken = changes.map(({ label }) => label)
  return changes.filter(isCreateFirst).flatMap(({ existing, label, wanted }) => {
    if (existing === undefined || wanted === undefined) return []
    const { movedFrom = label, row, ...known } = existing
    const { care: _, ...rest } = row
    const old = { ...known, row: { ...rest, label: labelForOld(label, taken), ...careFor(wanted.resource) } }
    // One that was taken back may get the label that it has in the inventory.
    return [movedFrom === old.row.label ? old : { ...old, movedFrom }]
  })
}

/** What is deleted or forgotten once the resource of a label is there. */
export const oldHalfOf = (label: string, changes: ReadonlyArray<Change>): Change | undefined =>
  changes
    .filter((one) => replacedLabelOf(one.label) === label)
    .toSorted((one, other) => replacementOf(one.label) - replacementOf(other.label))
    .at(-1)

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
    const { existing: _, movedFrom: __, nativeId: ___, sharedWith: ____, ...created } = change
    // It is certainly not its own old half.
    const unwanted = created.unwanted?.filter((label) => label !== created.label)
    return withOld({ ...created, operation: "create", changed: [], ...(unwanted && { unwanted }) })
  })
  return [...rest, ...deletions.map(withOld)]
}
