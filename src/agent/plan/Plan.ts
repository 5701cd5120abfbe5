/** The plan: what must change, as a value that can be printed and tested. */
import { labelsReferredTo, type Lookup, resolveReferences, valueAt } from "../forma/References.ts"
import { type Change, type ChangeError, type Existing, type Held, hasMoved, type Wanted } from "./Change.ts"
import { compare } from "./Comparison.ts"

/**
 * Plans the resources of a forma in the order of their references, then the
 * deletion of what it does not want any more. `wanted` must be in an order in
 * which each resource comes after those that it refers to.
 */
export const makePlan = (
  wanted: ReadonlyArray<Wanted>,
  existing: ReadonlyMap<string, Existing>,
  held: Held = new Map(),
): ReadonlyArray<Change> => {
  const changes = new Map<string, Change>()

  /** Outputs hold while a resource stays; those of one that is yet to be made are not known. */
  const lookup: Lookup = (label, property) => {
    const change = changes.get(label)
    const stays = change?.operation === "noop" || change?.operation === "update"
    if (!stays || change.existing?.actual === undefined) return undefined
    // What an update is about to change holds only once it is made.
    if (change.operation === "update" && change.changed.includes(property[0] ?? "")) return undefined
    return valueAt(change.existing.actual, property)
  }

  for (const one of wanted) {
    const { capabilities, resource } = one
    const found = existing.get(resource.label)
    const common = {
      label: resource.label,
      type: resource.type,
      wanted: one,
      dependsOn: labelsReferredTo(resource.properties ?? {}),
    }
    const blocked =
      held.get(resource.label) ??
      found?.unreadable ??
      blockedBy(common.dependsOn.filter((label) => changes.get(label)?.blocked))
    if (found !== undefined && blocked !== undefined) {
      const { nativeId } = found.row
      changes.set(resource.label, { ...common, operation: "noop", changed: [], nativeId, existing: found, blocked })
      continue
    }
    if (found?.actual === undefined) {
      changes.set(resource.label, {
        ...common,
        operation: "create",
        changed: [],
        ...(blocked === undefined ? {} : { blocked }),
      })
      continue
    }
    const kept = { ...common, nativeId: found.row.nativeId, existing: found }
    if (hasMoved(found.row, one)) {
      changes.set(resource.label, { ...kept, operation: "replace", changed: ["target"] })
      continue
    }
    const { properties, unknown } = resolveReferences(resource.properties ?? {}, lookup)
    const difference = compare({ desired: properties, unknown, prior: found.prior, actual: found.actual }, capabilities)
    changes.set(
      resource.label,
      difference._tag === "Same"
        ? { ...kept, operation: "noop", changed: [], compared: properties }
        : {
            ...kept,
            operation: difference._tag === "Replace" ? "replace" : "update",
            changed: difference.changed,
          },
    )
  }

  const unwanted = [...existing.values()]
    .filter(({ row }) => !changes.has(row.label))
    .map((one): Change => {
      const blocked = held.get(one.row.label)
      return { ...deletionOf(one), ...(blocked === undefined ? {} : { blocked }) }
    })
  return [...changes.values(), ...unwanted]
}

/** What refers to something that could not be read would be planned on a guess, which may be to replace it. */
const blockedBy = (labels: ReadonlyArray<string>): ChangeError | undefined =>
  labels.length === 0
    ? undefined
    : { code: "DependencyFailure", message: `it refers to ${labels.join(", ")}, of which nothing is known now` }

/** The plan that removes everything. */
export const makeDestroyPlan = (existing: ReadonlyArray<Existing>): ReadonlyArray<Change> => existing.map(deletionOf)

const deletionOf = (existing: Existing): Change => ({
  label: existing.row.label,
  type: existing.row.type,
  operation: "delete",
  changed: [],
  nativeId: existing.row.nativeId,
  existing,
  dependsOn: existing.row.dependsOn,
})
