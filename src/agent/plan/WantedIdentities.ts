/** Finds out which things a forma wants, as far as it matters for its plan. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { Identification } from "../../protocol/Identification.ts"
import type { NativeId, ResourceType } from "../../protocol/Identity.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { labelsReferredTo, type Lookup, resolveReferences, valueAt } from "../forma/References.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { placeOfRow } from "../operations/RowPlace.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { WantedResource } from "./Change.ts"
import { hasMoved } from "./ResourceLocation.ts"
import { mayCreateFirst } from "./CreateFirst.ts"
import { isToBeNamed, withNameOf } from "./PresentName.ts"
import { indexThings, isThing } from "./RowAssignment.ts"
import { twinsAmong } from "./twins.ts"

/** How many questions are asked at the same time. */
const maxConcurrent = 32

export const makeWantedIdentities = Effect.gen(function* () {
  const identifier = yield* ResourceIdentifier

  /** The places of wanted resources. One that cannot be asked is left out: the reads and the creates there will say why. */
  const withPlaces = (wanted: ReadonlyArray<WantedResource>) =>
    Effect.forEach(
      wanted,
      (one) =>
        Effect.map(Effect.option(identifier.placeOf(one.resource.type, one.targetConfig)), (place) =>
          place._tag === "Some" ? { ...one, place: place.value } : one,
        ),
      { concurrency: maxConcurrent },
    )

  /** By label. `rows` are those of the forma. Other formae have resources of `typesOfOthers`. */
  const identify = Effect.fnUntraced(function* (
    given: ReadonlyArray<WantedResource>,
    rows: ReadonlyArray<InventoryRow>,
    typesOfOthers: ReadonlySet<ResourceType>,
  ) {
    const byLabel = new Map(rows.map((row) => [row.label, row]))
    const wanted = given.map((one) => withNameOf(one, byLabel.get(one.resource.label)))
    const byType = Map.groupBy(rows, ({ type }) => type)
    const hasAnother = (type: ResourceType, own: InventoryRow | undefined): boolean =>
      typesOfOthers.has(type) || (byType.get(type) ?? []).some((row) => row !== own)
    const rowsLike = indexThings(rows)
    const found = new Map<string, Identification>()
    /** What a label means, as far as that is known: the row of the thing, or else the one under the label. */
    const rowOf = (label: string): InventoryRow | undefined => {
      const one = wantedBy.get(label)
      const identity = found.get(label)
      const same =
        one &&
        identity &&
        rowsLike(one.resource.type, identity.nativeId).find((row) => isIdentified(row, one, identity))
      return same ?? byLabel.get(label)
    }
    const wantedBy = new Map(wanted.map((one) => [one.resource.label, one]))
    const lookup: Lookup = (label, property) => valueAt(rowOf(label)?.actual ?? {}, property)

    const twins = twinsAmong(wanted, lookup)
    for (const wave of inWaves(wanted)) {
      yield* Effect.forEach(
        wave.filter(
          (one) =>
            (twins.has(one.resource.label) && !isToBeNamed(one)) ||
            mayBeAnother(one, byLabel.get(one.resource.label), hasAnother, lookup),
        ),
        ({ resource: { label, properties = {}, type }, targetConfig }) =>
          identifier.identify(type, targetConfig, resolveReferences(properties, lookup).properties).pipe(
            Effect.map((identity) => found.set(label, identity)),
            Effect.ignore,
          ),
        { concurrency: maxConcurrent, discard: true },
      )
    }
    return found
  })

  /** Rows with their places, as far as a row without one may be what is wanted. One that cannot be asked stays as it is. */
  const withRowPlaces = (
    rows: ReadonlyArray<InventoryRow>,
    wanted: ReadonlyArray<WantedResource>,
    identities: ReadonlyMap<string, Identification>,
  ) => {
    const things = new Set(
      wanted.map(({ resource: { label, type } }) => thingNamed(type, identities.get(label)?.nativeId)),
    )
    return Effect.forEach(
      rows,
      (row) =>
        row.place !== null || !things.has(thingNamed(row.type, row.nativeId))
          ? Effect.succeed(row)
          : Effect.match(placeOfRow(identifier, row), {
              onSuccess: (place): InventoryRow => ({ ...row, place }),
              onFailure: () => row,
            }),
      { concurrency: maxConcurrent },
    )
  }

  return { withPlaces, withRowPlaces, identify }
})

const thingNamed = (type: ResourceType, nativeId: NativeId | undefined): string => `${type} ${nativeId ?? ""}`

const isIdentified = (row: InventoryRow, { resource }: WantedResource, { nativeId, place }: Identification): boolean =>
  isThing(row, resource.type, place, nativeId)

/**
 * Whether a wanted resource may be another thing than the row under its label.
 * Most are not, and are not asked about.
 */
const mayBeAnother = (
  one: WantedResource,
  own: InventoryRow | undefined,
  hasAnother: (type: ResourceType, own: InventoryRow | undefined) => boolean,
  lookup: Lookup,
): boolean => {
  const { capabilities, resource } = one
  // A name that does not exist yet is the name of nothing.
  if (isToBeNamed(one)) return false
  if (own !== undefined && own.type === resource.type) {
    // Its target may only be written in another way.
    if (hasMoved(own, one)) return true
    if (!changesFixed(own, resource.properties ?? {}, capabilities, lookup)) return false
  }
  // Whether there can be two at once follows from their native ids.
  return mayCreateFirst(resource) || hasAnother(resource.type, own)
}

/**
 * Whether a create-only property differs from what was asked for last time. A
 * reference does where it stands for another value, or for one that is not known yet.
 */
const changesFixed = (
  { desired }: InventoryRow,
  properties: Properties,
  { properties: traits }: TypeCapabilities,
  lookup: Lookup,
): boolean => {
  const differs = (given: Properties) => (name: string) => !Equal.equals(ownValue(given, name), ownValue(desired, name))
  const fixed = Object.keys(properties).filter((name) => ownValue(traits, name)?.createOnly === true)
  const different = fixed.filter(differs(properties))
  if (different.length === 0) return false
  return different.some(differs(resolveReferences(properties, lookup).properties))
}

/** Resources in groups: each refers only to resources of earlier groups. */
const inWaves = (wanted: ReadonlyArray<WantedResource>): ReadonlyArray<ReadonlyArray<WantedResource>> => {
  const depths = new Map<string, number>()
  const waves: Array<Array<WantedResource>> = []
  for (const one of wanted) {
    const needed = labelsReferredTo(one.resource.properties ?? {}).map((label) => depths.get(label) ?? -1)
    const depth = Math.max(-1, ...needed) + 1
    depths.set(one.resource.label, depth)
    const wave = (waves[depth] ??= [])
    wave.push(one)
  }
  return waves
}
