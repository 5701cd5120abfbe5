/** What is to be known of resources that exist beside what they are: who else owns them, and how they are reached now. */
import * as Effect from "effect/Effect"
import type { FormaDocument } from "../forma/FormaDocument.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { placeOfRow } from "../operations/RowPlace.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { ownedMessage } from "../records/OwnedElsewhere.ts"
import type { ExistingResource } from "./Change.ts"
import { makePresentConfig } from "./PresentConfig.ts"

const maxConcurrent = 32

type Existing = ReadonlyArray<ExistingResource>

export const makeSharedThings = Effect.gen(function* () {
  const identifier = yield* ResourceIdentifier
  const presentConfigOf = yield* makePresentConfig

  const placeOf = (row: InventoryRow) => placeOfRow(identifier, row)

  /** Those of these rows that are the same thing. */
  const sharersOf = (row: InventoryRow, others: ReadonlyArray<InventoryRow>) =>
    Effect.filter(others, (other) => Effect.zipWith(placeOf(other), placeOf(row), (there, here) => there === here))

  /** If it cannot be told whether another row is the same thing, nothing is done to this one. */
  const withSharer = (
    one: ExistingResource,
    candidates: ReadonlyArray<InventoryRow>,
    ownerBefore: (one: ExistingResource, sharers: ReadonlyArray<InventoryRow>) => InventoryRow | undefined = () =>
      undefined,
  ) =>
    Effect.match(sharersOf(one.row, candidates), {
      onSuccess: (sharers): ExistingResource => {
        if (sharers.length === 0) return one
        const sharedWith = sharers.map(({ forma, label }) => `${forma}/${label}`).join(", ")
        const owner = ownerBefore(one, sharers)
        return owner === undefined ? { ...one, sharedWith } : { ...one, sharedWith, ownedElsewhere: leftTo(owner) }
      },
      onFailure: ({ code, message }): ExistingResource => ({ ...one, unreadable: { code, message } }),
    })

  return {
    /**
     * Tells of each resource who else owns it. `others` are rows of other formae.
     * Of two unwanted ones that are the same thing, only the second is shared, so
     * that it is deleted once. Of two kept ones, only one may be changed: the one
     * whose stored row, of `recorded`, has its place, or else the first.
     */
    withSharers: Effect.fnUntraced(function* (
      kept: Existing,
      unwanted: Existing,
      others: ReadonlyArray<InventoryRow>,
      recorded: ReadonlyArray<InventoryRow> = [],
    ) {
      const ownerBefore = ownersBefore(kept, recorded)
      const staying = Map.groupBy([...others, ...kept.map(({ row }) => row)], nameOf)
      const leaving = Map.groupBy(
        unwanted.map(({ row }) => row),
        nameOf,
      )
      const stayingLike = ({ row }: ExistingResource) =>
        (staying.get(nameOf(row)) ?? []).filter((other) => other !== row)
      const leavingBefore = ({ row }: ExistingResource) => {
        const rows = leaving.get(nameOf(row)) ?? []
        return rows.slice(0, rows.indexOf(row))
      }
      const options = { concurrency: maxConcurrent }
      return {
        kept: yield* Effect.forEach(kept, (one) => withSharer(one, stayingLike(one), ownerBefore), options),
        unwanted: yield* Effect.forEach(
          unwanted,
          (one) => withSharer(one, [...stayingLike(one), ...leavingBefore(one)]),
          options,
        ),
      }
    }),
    /** Tells how each resource is reached now, if the document still names its place. */
    withPresentConfigs: (existing: Existing, targets: FormaDocument["targets"]) =>
      Effect.forEach(
        existing,
        (one) =>
          Effect.map(presentConfigOf(one.row, targets), (presentConfig) =>
            presentConfig === undefined ? one : { ...one, presentConfig },
          ),
        { concurrency: maxConcurrent },
      ),
  }
})

/**
 * Finds the row that has the same thing as a kept one with more right: the one
 * whose recorded row has its place, or else the first.
 */
const ownersBefore = (kept: Existing, recorded: ReadonlyArray<InventoryRow>) => {
  const placed = new Set(recorded.flatMap(({ label, place }) => (place === null ? [] : [label])))
  const ranks = new Map(
    kept.map(({ movedFrom, row }, rank) => [row, { isPlaced: placed.has(movedFrom ?? row.label), rank }]),
  )
  const isPlaced = (other: InventoryRow): boolean => ranks.get(other)?.isPlaced ?? other.place !== null
  return ({ row }: ExistingResource, sharers: ReadonlyArray<InventoryRow>): InventoryRow | undefined => {
    const mine = ranks.get(row)
    if (mine === undefined || mine.isPlaced) return undefined
    return sharers.find(isPlaced) ?? sharers.find((other) => (ranks.get(other)?.rank ?? mine.rank) < mine.rank)
  }
}

/** Says who has a thing that two labels have, and what can be done. */
const leftTo = (owner: InventoryRow): ChangeError => ({
  code: "OwnedElsewhere",
  message: `${ownedMessage(owner)}: drop one of the two labels from its document, which deletes nothing`,
})

/** Rows with the same name may be one thing: their places decide. */
const nameOf = ({ nativeId, type }: InventoryRow): string => `${type} ${nativeId}`
