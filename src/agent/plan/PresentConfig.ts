/** How something that was recorded with its target is reached now. */
import * as Effect from "effect/Effect"
import { placeOfTarget } from "../../protocol/Identification.ts"
import { namespaceKey, namespaceOf } from "../../protocol/Identity.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { TargetConfig } from "../../protocol/Resource.ts"
import type { FormaDocument } from "../forma/FormaDocument.ts"
import { plainObject } from "../forma/SecretCheck.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { placeOfRow } from "../operations/RowPlace.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"

type Placed = Pick<InventoryRow, "place" | "target" | "targetConfig" | "type">

export const makePresentConfig = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const identifier = yield* ResourceIdentifier

  /** The config that a document has for the target of a resource or an operation, if it names the same place. */
  return Effect.fnUntraced(function* (row: Placed, targets: FormaDocument["targets"]) {
    const target = ownValue(targets, row.target)
    if (target === undefined || namespaceKey(target.namespace) !== namespaceKey(namespaceOf(row.type))) return undefined
    const config: TargetConfig = plainObject(target.config ?? {})
    const now = yield* Effect.option(identifier.placeOf(row.type, config))
    if (now._tag === "None") return undefined
    const then = yield* Effect.option(placeOfRow(identifier, row))
    if (then._tag === "Some") return now.value === then.value ? config : undefined
    // The stored config no longer leads there, for example because its key was replaced.
    const types = yield* Effect.option(coordinator.capabilities(namespaceOf(row.type)))
    const traits = types._tag === "Some" ? types.value.get(row.type) : undefined
    const isSame = traits !== undefined && placeOfTarget(config, traits) === placeOfTarget(row.targetConfig, traits)
    return isSame ? config : undefined
  })
})
