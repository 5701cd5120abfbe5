/** What is to be known of resources that exist beside what they are: who else owns them, and how they are reached now. */
import * as Effect from "effect/Effect"
import type { FormaDocument } from "../forma/FormaDocument.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { placeOfRow } from "../operations/RowPlace.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { ExistingResource } from "./Change.ts"
import { makePresentConfig } from "./PresentConfig.ts"

const maxConcurrent = 32

type Existing = ReadonlyArray<ExistingResource>

export const makeSharedThings = Effect.gen(function* () {
  const identifier = yield* ResourceIdentifier
  const presentConfigOf = yield* makePresentConfig

  const placeOf = (row: InventoryRow) => placeOfRow(identifier, row)

  /** The first of these rows that is the same thing. */
  const sharerOf = Effect.fnUntraced(function* (row: InventoryRow, others: ReadonlyArray<InventoryRow>) {
    for (const other of others) if ((yield* placeOf(other)) === (yield* placeOf(row))) return other
    return undefined
  })

  /** If it cannot be told whether another row is the same thing, nothing is done to this one. */
  const withSharer = (one: ExistingResource, candidates: ReadonlyArray<InventoryRow>) =>
    Effect.match(sharerOf(one.row, candidates), {
      onSuccess: (sharer): ExistingResource =>
        sharer === undefined ? one : { ...one, sharedWith: `${sharer.forma}/${sharer.label}` },
      onFailure: ({ code, message }): ExistingResource => ({ ...one, unreadable: { code, message } }),
    })

  return {
    /**
     * Tells of each resource who else owns it. `others` are rows of other formae.
     * Of two unwanted ones that are the same thing, only the second is shared, so
     * that it is deleted once.
     */
    withSharers: Effect.fnUntraced(function* (kept: Existing, unwanted: Existing, others: ReadonlyArray<InventoryRow>) {
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
        kept: yield* Effect.forEach(kept, (one) => withSharer(one, stayingLike(one)), options),
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

/** Rows with the same name may be one thing: their places decide. */
const nameOf = ({ nativeId, type }: InventoryRow): string => `${type} ${nativeId}`
