/** What follows for a plan from the owners of things. */
import type { Identification } from "../../protocol/Identification.ts"
import type { ResourceType } from "../../protocol/Identity.ts"
import type { Forma } from "../forma/Forma.ts"
import type { FormaIssue } from "../forma/FormaDocument.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { ownedMessage } from "../records/OwnedElsewhere.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import type { Blockers, ExistingResource, WantedResource } from "./Change.ts"
import { type Assignment, indexThings, isThing } from "./RowAssignment.ts"

type RowsLike = ReturnType<typeof indexThings>
type Identities = ReadonlyMap<string, Identification>

/** The rows of an assignment under their new labels. References between them follow. */
export const assignedResources = ({ rows }: Assignment): ReadonlyArray<ExistingResource> => {
  const names = new Map<string, string>()
  for (const [label, { movedFrom }] of rows) if (movedFrom !== undefined) names.set(movedFrom, label)
  return [...rows].map(([label, { movedFrom, row }]) => ({
    row:
      label === row.label && !row.dependsOn.some((one) => names.has(one))
        ? row
        : { ...row, label, dependsOn: row.dependsOn.map((one) => names.get(one) ?? one) },
    prior: row.desired,
    ...(movedFrom === undefined ? {} : { movedFrom }),
  }))
}

/** The things that are wanted, as far as it is known which they are. */
export const thingsOf = (wanted: ReadonlyArray<WantedResource>, identities: Identities) =>
  wanted.flatMap(({ resource: { label, type } }) => {
    const nativeId = identities.get(label)?.nativeId
    return nativeId === undefined ? [] : [{ type, nativeId }]
  })

/** The rows that are, or may be, the thing with an identity. */
const rowsOfThing = (rowsLike: RowsLike, type: ResourceType, { nativeId, place }: Identification) =>
  rowsLike(type, nativeId).filter((row) => isThing(row.place === null ? { ...row, place } : row, type, place, nativeId))

/**
 * Two labels of a forma that are certainly the same thing: the document is
 * wrong. Before 0.2.0 it was not refused, so labels that have it may keep it.
 */
export const sameThings = (
  { resources }: Forma,
  identities: Identities,
  own: ReadonlyArray<InventoryRow>,
): ReadonlyArray<FormaIssue> => {
  const labelsOf = new Map<string, Array<string>>()
  const ownLike = indexThings(own)
  return resources.flatMap(({ label, type }, index) => {
    const identity = identities.get(label)
    if (identity?.nativeId === undefined) return []
    const thing = JSON.stringify([type, identity.place, identity.nativeId])
    const labels = labelsOf.get(thing) ?? []
    labelsOf.set(thing, labels)
    labels.push(label)
    const [owner] = labels
    if (owner === undefined || labels.length === 1) return []
    if (labels.length <= rowsOfThing(ownLike, type, identity).length) return []
    return [
      {
        path: ["resources", index],
        message: `${label} is the same ${type} as ${owner}: ${identity.nativeId}; take one of the two labels out`,
      },
    ]
  })
}

/**
 * Moves to a label that has another thing already: what is moved would be
 * deleted, although the document says that it stays.
 */
export const unmovable = (
  { moved = [], resources }: Forma,
  own: ReadonlyArray<InventoryRow>,
  { rows }: Assignment,
  blockers: Blockers,
): ReadonlyArray<FormaIssue> => {
  const byLabel = new Map(own.map((row) => [row.label, row]))
  const wanted = new Set(resources.map(({ label }) => label))
  const staying = new Set([...rows].flatMap(([label, { row }]) => (wanted.has(label) ? [row] : [])))
  return moved.flatMap(({ from, to }, index) => {
    const row = byLabel.get(from)
    const there = byLabel.get(to)
    if (row === undefined || there === undefined || staying.has(row) || blockers.has(from)) return []
    if (mayBeSame(row, there)) return []
    const message = `${to} has the ${there.type} ${there.nativeId} already, so ${from} cannot be moved there; move it to another label, or take this move out: then the ${row.type} ${row.nativeId} of ${from} is deleted`
    return [{ path: ["moved", index, "to"], message }]
  })
}

/** Rows of one name are two things only where both places are known. */
const mayBeSame = (one: InventoryRow, other: InventoryRow): boolean =>
  one.type === other.type &&
  one.nativeId === other.nativeId &&
  (one.place === null || other.place === null || one.place === other.place)

/** Wanted things that another forma owns, and this one does not. */
export const ownedByOthers = (
  wanted: ReadonlyArray<WantedResource>,
  identities: Identities,
  { others, own }: { readonly own: ReadonlyArray<InventoryRow>; readonly others: ReadonlyArray<InventoryRow> },
): ReadonlyArray<readonly [label: string, error: ChangeError]> => {
  const ownLike = indexThings(own)
  const othersLike = indexThings(others)
  return wanted.flatMap(({ resource: { label, type } }) => {
    const identity = identities.get(label)
    if (identity === undefined || rowsOfThing(ownLike, type, identity).length > 0) return []
    const owner = othersLike(type, identity.nativeId).find((row) =>
      isThing(row, type, identity.place, identity.nativeId),
    )
    return owner === undefined ? [] : [[label, { code: "OwnedElsewhere", message: ownedMessage(owner) }] as const]
  })
}

/** Labels that cannot be renamed now, because an operation is open that has something to do with it. */
export const heldBy = (
  { held }: Assignment,
  blockers: Blockers,
): ReadonlyArray<readonly [label: string, error: ChangeError]> =>
  [...held].flatMap(([label, from]) => {
    const error = blockers.get(from)
    return error === undefined
      ? []
      : [[label, { ...error, message: `it cannot be renamed before ${from} is finished: ${error.message}` }] as const]
  })
