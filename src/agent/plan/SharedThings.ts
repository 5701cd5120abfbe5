/** What is to be known of resources that exist beside what they are: who else owns them, and how they are reached now. */
import * as Effect from "effect/Effect"
import { placeOfTarget } from "../../protocol/Identification.ts"
import { namespaceKey, namespaceOf } from "../../protocol/Identity.ts"
import type { TargetConfig } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { FormaDocument } from "../forma/FormaDocument.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { placeOfRow } from "../operations/RowPlace.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { ExistingResource } from "./Change.ts"

const maxConcurrent = 32

type Existing = ReadonlyArray<ExistingResource>

export const makeSharedThings = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const identifier = yield* ResourceIdentifier

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

  /** The config that a document has for the target of a row, if it names the same place. */
  const presentConfigOf = Effect.fnUntraced(function* (row: InventoryRow, targets: FormaDocument["targets"]) {
    const target = ownValue(targets, row.target)
    if (target === undefined || namespaceKey(target.namespace) !== namespaceKey(namespaceOf(row.type))) return undefined
    const config: TargetConfig = target.config ?? {}
    const now = yield* Effect.option(identifier.placeOf(row.type, config))
    if (now._tag === "None") return undefined
    const then = yield* Effect.option(placeOf(row))
    if (then._tag === "Some") return now.value === then.value ? config : undefined
    // The stored config no longer leads there, for example because its key was replaced.
    const types = yield* Effect.option(coordinator.capabilities(namespaceOf(row.type)))
    const traits = types._tag === "Some" ? types.value.get(row.type) : undefined
    const isSame = traits !== undefined && placeOfTarget(config, traits) === placeOfTarget(row.targetConfig, traits)
    return isSame ? config : undefined
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
