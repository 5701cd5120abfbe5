/** Where a resource of the inventory is. */
import * as Effect from "effect/Effect"
import type { InventoryRow } from "../records/Inventory.ts"
import type { ChangeFailed } from "./ChangeFailed.ts"
import type { ResourceIdentifier } from "./ResourceIdentifier.ts"

/** The place of a row. One of before 0.2.0 has none until it is next read, so its target is asked. */
export const placeOfRow = (
  identifier: ResourceIdentifier["Service"],
  { place, targetConfig, type }: Pick<InventoryRow, "place" | "targetConfig" | "type">,
): Effect.Effect<string, ChangeFailed> =>
  place === null ? identifier.placeOf(type, targetConfig) : Effect.succeed(place)
