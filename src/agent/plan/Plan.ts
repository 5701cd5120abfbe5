/** The plan: what must change, as a value that can be printed and tested. */
import type { Properties } from "../../protocol/Resource.ts"
import type { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { labelsNeeded } from "../forma/FormaOrder.ts"
import { type Lookup, type Resolution, resolveReferences, valueAt } from "../forma/References.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import type { Blockers, Change, ExistingResource, WantedResource } from "./Change.ts"
import { heldIfSame } from "./heldIfSame.ts"
import { hasMoved } from "./ResourceLocation.ts"
import { compare, type Difference, valueInside } from "./Comparison.ts"
import { withAskedDeletion, withAskedDrift } from "./AskedDrift.ts"
import { withFormerSecrets, withReferredSecrets } from "./formerSecrets.ts"
import { ignoredPlaces } from "../forma/IgnoredPlaces.ts"
import { withIgnored } from "./Ignored.ts"
import { type KnownForms, noForms } from "./KnownForms.ts"
import { isToBeNamed, withoutIdentity, withPresentName } from "./PresentName.ts"

/**
 * Plans the resources of a forma in the order of their references, and then the
 * deletion of those that it no longer wants. In `wanted`, each resource must
 * come after those that it refers to.
 */
export const makePlan = (
  wanted: ReadonlyArray<WantedResource>,
  existing: ReadonlyMap<string, ExistingResource>,
  blockers: Blockers = new Map(),
  forms: KnownForms = noForms(),
): ReadonlyArray<Change> => {
  const changes = new Map<string, Change>()

  const lookup = knownNow(changes)

  for (const written of wanted) {
    const asked = withReferredSecrets(written, changes)
    const found = existing.get(asked.resource.label)
    const given = found === undefined ? asked : withFormerSecrets(asked, found)
    const one = found === undefined ? given : withIgnored(withPresentName(given, found), found)
    const { resource } = one
    const common = {
      label: resource.label,
      type: resource.type,
      // A resource that is created again gets a name of its own, and holds nothing that was secret before.
      wanted: withoutIdentity(asked),
      dependsOn: labelsNeeded(given.resource),
    }
    const asItIs = { wanted: withoutIdentity(given), operation: "noop", changed: [] } as const
    const blocked =
      blockers.get(resource.label) ??
      found?.unreadable ??
      blockedBy(common.dependsOn.filter((label) => changes.get(label)?.blocked))
    if (found !== undefined && blocked !== undefined) {
      changes.set(resource.label, { ...common, ...whichOf(found), ...asItIs, blocked })
      continue
    }
    if (found?.actual === undefined) {
      changes.set(resource.label, {
        ...common,
        operation: "create",
        changed: [],
        // What was deleted elsewhere still has a row, which follows its label as any other.
        ...(found?.movedFrom === undefined ? {} : { movedFrom: found.movedFrom }),
        ...(found === undefined ? {} : { deletedOutside: true }),
        ...(blocked === undefined ? {} : { blocked }),
      })
      continue
    }
    const kept = { ...common, ...whichOf(found) }
    /** Only one label may change a thing that several have. */
    const leftAlone: Change | undefined = found.ownedElsewhere && {
      ...kept,
      ...asItIs,
      blocked: found.ownedElsewhere,
    }
    if (hasMoved(found.row, one)) {
      changes.set(resource.label, leftAlone ?? { ...kept, operation: "replace", changed: [whyMoved(found, one)] })
      continue
    }
    const resolved = resolveReferences(resource.properties ?? {}, lookup, (place) => valueInside(found.prior, place))
    const resolution = { ...resolved, properties: heldIfSame(found.prior, resolved.properties) }
    const difference = differenceOf(found, found.actual, resolution, one, forms)
    const change = changeBy(difference, resolution, kept, (names) => {
      const { capabilities } = withFormerSecrets(asked, found, names)
      return { ...one, capabilities }
    })
    changes.set(resource.label, difference._tag === "Same" ? change : (leftAlone ?? change))
  }

  const unwanted = [...existing.values()]
    .filter(({ row }) => !changes.has(row.label))
    .map((one): Change => {
      const blocked = blockers.get(one.row.label) ?? one.unreadable
      return { ...deletionOf(one), ...(blocked === undefined ? {} : { blocked }) }
    })
  return withUnwanted([...changes.values(), ...unwanted]).map(withAskedDrift(forms))
}

/** What of it makes another thing of a resource. */
const whyMoved = ({ row }: ExistingResource, { resource }: WantedResource) =>
  row.type === resource.type ? "target" : "type"

/** The change of a resource that exists, by how it differs. What stays as it is keeps its name, and what is replaced does not. */
const changeBy = (
  difference: Difference,
  { properties, unknownPlaces }: Resolution,
  kept: Omit<Change, "operation" | "changed">,
  wantedWhere: (changed: ReadonlyArray<string>) => WantedResource,
): Change => {
  const seen = difference.seenOutside.length === 0 ? {} : { seenOutside: difference.seenOutside }
  switch (difference._tag) {
    case "Same":
      return { ...kept, ...seen, wanted: wantedWhere([]), operation: "noop", changed: [], compared: properties }
    case "Update": {
      const compared = unknownPlaces.length === 0 && { compared: properties }
      const { changed } = difference
      return { ...kept, ...seen, wanted: wantedWhere(changed), operation: "update", changed, ...compared }
    }
    case "Replace": {
      const { changed, forcedBy } = difference
      return { ...kept, ...seen, operation: "replace", changed, forcedBy }
    }
  }
}

/** What references stand for now. Only the properties of a resource that stays are known. */
export const knownNow =
  (changes: ReadonlyMap<string, Change>): Lookup =>
  (label, property) => {
    const change = changes.get(label)
    const stays = change?.operation === "noop" || change?.operation === "update"
    if (!stays || change.existing?.actual === undefined) return undefined
    // What an update is about to change is known only after the update.
    if (change.operation === "update" && change.changed.includes(property[0] ?? "")) return undefined
    return valueAt(change.existing.actual, property)
  }

/** What is known of a resource that exists. */
const whichOf = (existing: ExistingResource): Pick<Change, "existing" | "movedFrom" | "nativeId" | "sharedWith"> => ({
  nativeId: existing.row.nativeId,
  existing,
  ...(existing.movedFrom === undefined ? {} : { movedFrom: existing.movedFrom }),
  ...(existing.sharedWith === undefined ? {} : { sharedWith: existing.sharedWith }),
})

/**
 * A create by name may find what a label has whose thing is deleted now: then the
 * label was renamed. Where the provider chooses native ids, it makes a new thing.
 */
const withUnwanted = (all: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const deleted = all.filter(({ operation }) => operation === "delete" || operation === "replace")
  // Each list is made once and shared: for each create it would take the product of both numbers.
  const byType = labelsBy(deleted, ({ existing }) => existing?.row.type)
  const byThing = labelsBy(deleted, ({ existing }) => existing && nameOf(existing.row.type, existing.row.nativeId))
  return all.map((change) => {
    const { blocked, label, operation, wanted } = change
    // What another forma owns is certainly not one of these.
    if ((operation !== "create" && operation !== "replace") || blocked?.code === "OwnedElsewhere") return change
    if (wanted?.capabilities.idempotency !== "name" || isToBeNamed(wanted)) return change
    const { nativeId, resource } = wanted
    // A create that is certainly another thing waits for nothing, and its failure stops no delete.
    const unwanted =
      (nativeId === undefined ? byType.get(resource.type) : byThing.get(nameOf(resource.type, nativeId))) ?? []
    // What a replace deletes is in the list too.
    return unwanted.every((other) => other === label) ? change : { ...change, unwanted }
  })
}

const labelsBy = <Key>(
  changes: ReadonlyArray<Change>,
  keyOf: (change: Change) => Key,
): ReadonlyMap<Key, ReadonlyArray<string>> =>
  new Map([...Map.groupBy(changes, keyOf)].map(([key, found]) => [key, found.map(({ label }) => label)]))

/** Some providers take two spellings of a native id for one. */
const nameOf = (type: ResourceType, nativeId: NativeId): string => `${type} ${nativeId.toLowerCase()}`

const differenceOf = (
  { prior, row }: ExistingResource,
  actual: Properties,
  { properties: desired, unknownPlaces: unknown }: Resolution,
  { capabilities, resource }: WantedResource,
  forms: KnownForms,
): Difference => {
  const canonical = {
    desired: forms.of(capabilities, desired),
    prior: forms.of(capabilities, prior),
    actual: forms.of(capabilities, actual),
  }
  const ignored = ignoredPlaces(resource)
  return compare(
    { desired, unknown, prior, actual, exactBefore: row.exactPaths ?? [], ignored, canonical },
    capabilities,
  )
}

/** A plan for a resource that needs an unknown one would be a guess, and might replace the resource. */
const blockedBy = (labels: ReadonlyArray<string>): ChangeError | undefined =>
  labels.length === 0
    ? undefined
    : { code: "DependencyFailure", message: `it needs ${labels.join(", ")}, whose state is not known now` }

/** The plan that deletes everything. */
export const makeDestroyPlan = (existing: ReadonlyArray<ExistingResource>): ReadonlyArray<Change> =>
  existing.map((one) =>
    withAskedDeletion({
      ...deletionOf(one),
      ...(one.unreadable === undefined ? {} : { blocked: one.unreadable }),
    }),
  )

/** What somebody else owns too is only forgotten, and so is what its document wanted to be retained. */
export const deletionOf = (existing: ExistingResource): Change => ({
  ...whichOf(existing),
  label: existing.row.label,
  type: existing.row.type,
  operation: existing.sharedWith === undefined && existing.row.care?.retain !== true ? "delete" : "forget",
  changed: [],
  dependsOn: existing.row.dependsOn,
})
