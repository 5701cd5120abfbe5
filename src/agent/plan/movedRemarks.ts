/** Finds what is probably a rename that the document does not state: a create beside a delete of the same type with the same properties. Pure. */
import * as Struct from "effect/Struct"
import { childOf, pathTreeOf } from "../../protocol/PathTree.ts"
import type { FormaIssue, FormaResource } from "../forma/FormaDocument.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { type Lookup, resolveReferences } from "../forma/References.ts"
import { missingName } from "../forma/MadeName.ts"
import { splitSeals, withoutSecrets } from "../secrets/Seals.ts"
import type { Change } from "./Change.ts"
import { isSame } from "./isSame.ts"
import { knownNow } from "./Plan.ts"
import { isToBeNamed } from "./PresentName.ts"
import { replacedLabelOf } from "./ReplacedLabel.ts"
import { hasMoved } from "./ResourceLocation.ts"

/** So many pairs of one type are compared: a remark is not worth a plan that takes long. */
const maxPairs = 2_500

/** A property that may differ, so that a rename with one other change is found. */
const maxDifferent = 1

/** The remarks that suggest `moved`, each at the resource that would be created. */
export const movedRemarks = (
  resources: ReadonlyArray<FormaResource>,
  changes: ReadonlyArray<Change>,
): ReadonlyArray<FormaIssue> => {
  const deleted = Map.groupBy(changes.filter(isDeleted), ({ type }) => type)
  if (deleted.size === 0) return []
  const created = Map.groupBy(changes.filter(mayBeRenamed), ({ type }) => type)
  const lookup = knownNow(new Map(changes.map((change) => [change.label, change])))
  const indexOf = new Map(resources.map(({ label }, index) => [label, index]))
  return [...created].flatMap(([type, creates]) =>
    pairsOf(creates, deleted.get(type) ?? [], lookup).flatMap(([to, from]) => {
      const index = indexOf.get(to.label)
      return index === undefined ? [] : [{ path: ["resources", index, "label"], message: messageOf(to, from) }]
    }),
  )
}

const messageOf = ({ label, type }: Change, from: Change): string =>
  `${label} would be created, and ${from.label}, a ${type} with the same properties, would be deleted; if it is the same resource with a new label, write moved: [{ from: ${from.label}, to: ${label} }], and it stays`

const isDeleted = ({ blocked, existing, label, operation }: Change): boolean =>
  operation === "delete" && existing !== undefined && blocked === undefined && replacedLabelOf(label) === undefined

/** What is known by a name that the document states is found by that name. */
const mayBeRenamed = ({ blocked, existing, operation, wanted }: Change): boolean =>
  operation === "create" &&
  existing === undefined &&
  blocked === undefined &&
  wanted !== undefined &&
  (wanted.capabilities.idempotency !== "name" || isToBeNamed(wanted))

/** Each deletion with one create: first those that differ in nothing. */
const pairsOf = (
  creates: ReadonlyArray<Change>,
  deletions: ReadonlyArray<Change>,
  lookup: Lookup,
): ReadonlyArray<readonly [to: Change, from: Change]> => {
  if (creates.length * deletions.length > maxPairs) return []
  const all = creates.flatMap((to) =>
    deletions.flatMap((from) => {
      const different = differencesOf(to, from, lookup)
      return different === undefined ? [] : [{ to, from, different }]
    }),
  )
  const taken = new Set<Change>()
  return all
    .toSorted((one, other) => one.different - other.different)
    .flatMap(({ from, to }) => {
      if (taken.has(from) || taken.has(to)) return []
      taken.add(from).add(to)
      return [[to, from] as const]
    })
}

/** How many properties differ, where `moved` would keep the resource and there are few of them. Undefined otherwise. */
const differencesOf = ({ wanted }: Change, { existing }: Change, lookup: Lookup): number | undefined => {
  if (wanted === undefined || existing === undefined || hasMoved(existing.row, wanted)) return undefined
  const { capabilities, resource } = wanted
  // A seal is all that is known of a secret, and a made name is another one each time.
  const { known } = splitSeals(existing.row.desired)
  const made = missingName(capabilities, resource.properties)
  const before = Struct.omit(withoutSecrets(known, capabilities), made)
  const { properties, unknown } = resolveReferences(resource.properties ?? {}, lookup)
  const after = withoutSecrets(properties, capabilities)
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const tree = pathTreeOf(capabilities)
  const different = names.filter(
    (name) => !unknown.has(name) && !isSame(ownValue(after, name), ownValue(before, name), childOf(tree, name)),
  )
  const isKept = different.every((name) => ownValue(capabilities.properties, name)?.createOnly !== true)
  const isAlike = different.length <= maxDifferent && (different.length === 0 || different.length < names.length)
  return isKept && isAlike ? different.length : undefined
}
