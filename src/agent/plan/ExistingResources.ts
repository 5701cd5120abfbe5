/** Finds the resources that exist: which row each label means now, what the provider has, and which seals fit. */
import * as Effect from "effect/Effect"
import type { Forma } from "../forma/Forma.ts"
import { FormaInvalid } from "../forma/FormaDocument.ts"
import { type Lookup, resolveReferences, valueAt } from "../forma/References.ts"
import { changeErrorOf } from "../operations/ChangeFailed.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { Inventory, type InventoryRow } from "../records/Inventory.ts"
import { isSeal, sealedNames, Seals } from "../secrets/Seals.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Blockers, ExistingResource, WantedResource } from "./Change.ts"
import { heldIfSame } from "./heldIfSame.ts"
import { hasMoved, reachOf } from "./ResourceLocation.ts"
import { assignedResources, heldBy, ownedByOthers, sameThings, thingsOf, unmovable } from "./Owners.ts"
import { assignRows } from "./RowAssignment.ts"
import { takeBack } from "./TakenBack.ts"
import { makeWantedIdentities } from "./WantedIdentities.ts"

const typesIn = (rows: ReadonlyArray<InventoryRow>, wanted: ReadonlyArray<WantedResource>) => [
  ...rows.map(({ type }) => type),
  ...wanted.map(({ resource }) => resource.type),
]

/** Which secrets nobody has changed elsewhere, where that has to be asked. */
const makeUnchangedSecrets = (seals: Seals["Service"]) =>
  Effect.fnUntraced(function* ({ actual, row }: ExistingResource, byLabel: ReadonlyMap<string, WantedResource>) {
    if (byLabel.get(row.label)?.resource.drift !== "ask" || actual === undefined) return {}
    const opened = yield* seals.open(row.desired, actual)
    return { unchangedSecrets: sealedNames(row.desired).filter((name) => !isSeal(ownValue(opened, name))) }
  })

export const makeExistingResources = Effect.gen(function* () {
  const inventory = yield* Inventory
  const reader = yield* ResourceReader
  const seals = yield* Seals
  const { identify, withRowPlaces } = yield* makeWantedIdentities

  const unchangedSecrets = makeUnchangedSecrets(seals)

  return {
    /**
     * Which things are wanted, the rows under the labels that they have from now
     * on, the rows of other formae that may be the same things, and why some labels
     * must not be touched. Fails with `FormaInvalid` where two labels are the
     * same thing, and where a move is stated to a label that has a thing of its own.
     */
    assign: Effect.fnUntraced(function* (
      forma: Forma,
      wanted: ReadonlyArray<WantedResource>,
      blockers: Blockers,
      rows: ReadonlyArray<InventoryRow>,
    ) {
      const open = new Set(blockers.keys())
      const { rows: present, stored } = takeBack(rows, open)
      const typesOfOthers = yield* inventory.typesOfOthers(forma.name, typesIn(rows, wanted))
      const identities = yield* identify(wanted, present, typesOfOthers)
      const own = yield* withRowPlaces(present, wanted, identities)
      const things = [...rows, ...thingsOf(wanted, identities)].filter(({ type }) => typesOfOthers.has(type))
      const shared = yield* inventory.sharedByOthers(forma.name, things)
      const others = yield* withRowPlaces(shared, wanted, identities)
      const issues = sameThings(forma, identities, own)
      if (issues.length > 0) return yield* new FormaInvalid({ issues })
      const assignment = assignRows({
        rows: own,
        wanted: wanted.map(({ resource: { label, type } }) => ({ label, type, identity: identities.get(label) })),
        moved: forma.moved ?? [],
        open,
      })
      const unmoved = unmovable(forma, own, assignment, blockers)
      if (unmoved.length > 0) return yield* new FormaInvalid({ issues: unmoved })
      const owned = ownedByOthers(wanted, identities, { own, others })
      return {
        // As they are stored.
        others: shared,
        wanted: wanted.map((one) => {
          const nativeId = identities.get(one.resource.label)?.nativeId
          return nativeId === undefined ? one : { ...one, nativeId }
        }),
        assigned: assignedResources(assignment).map((one) => {
          const movedFrom = stored.get(one.movedFrom ?? one.row.label)
          return movedFrom === undefined ? one : { ...one, movedFrom }
        }),
        blocked: new Map([...owned, ...heldBy(assignment, blockers), ...blockers]),
      }
    }),

    /** Reads a resource of the inventory, for a plan of `command` if it has one. Its seals are not opened yet. */
    read: (
      one: ExistingResource,
      wanted: WantedResource,
      command: string | undefined,
    ): Effect.Effect<ExistingResource> =>
      Effect.map(Effect.result(reader.read(one.row, reachOf(one.row, wanted))), (read) => {
        const isHere = one.row.place === null && wanted.place !== undefined && !hasMoved(one.row, wanted)
        const unread = isHere ? { ...one, row: { ...one.row, place: wanted.place } } : one
        if (read._tag === "Success") {
          const readBy = command === undefined ? {} : { readBy: command }
          if (read.success === undefined) return unread
          return { ...unread, actual: heldIfSame(one.row.actual, read.success), ...readBy }
        }
        return { ...unread, unreadable: changeErrorOf(read.failure) }
      }),

    /** Opens the seals that fit what is wanted, with references resolved as far as they are known. */
    openSeals: (found: ReadonlyArray<ExistingResource>, byLabel: ReadonlyMap<string, WantedResource>) => {
      const actual = new Map(found.map((one) => [one.row.label, one.actual]))
      const lookup: Lookup = (label, property) => valueAt(actual.get(label) ?? {}, property)
      return Effect.forEach(found, (one) => {
        const properties = byLabel.get(one.row.label)?.resource.properties ?? {}
        const candidates = resolveReferences(properties, lookup).properties
        return Effect.flatMap(seals.open(one.row.desired, candidates), (prior) =>
          Effect.map(unchangedSecrets(one, byLabel), (unchanged): ExistingResource => ({
            ...one,
            ...unchanged,
            prior,
          })),
        )
      })
    },
  }
})
