/** What an operation changes in the inventory. */
import type { NativeId } from "../../protocol/Identity.ts"
import { exactPathsOf } from "../../protocol/exactPathsOf.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { withSealedProperties } from "../secrets/secretProperties.ts"
import { withoutSecrets } from "../secrets/Seals.ts"
import type { InventoryRow } from "./Inventory.ts"
import type { JournalEntry } from "./JournalEntry.ts"

/**
 * What the end of an operation changes in the inventory.
 *
 * - `Put`: adds the row of its resource, or replaces it.
 * - `Remove`: removes the row, if it still has this native id.
 * - `None`: nothing.
 */
export type InventoryChange =
  | {
      readonly _tag: "Put"
      /** The row. */
      readonly row: InventoryRow
      /** The label of the same forma that had the thing until now. */
      readonly from?: string
    }
  | {
      readonly _tag: "Remove"
      /** The name of the forma. */
      readonly forma: string
      /** The label of the resource. */
      readonly label: string
      /** The id that the provider gave the resource. */
      readonly nativeId: NativeId
    }
  | { readonly _tag: "None" }

export const noChange: InventoryChange = { _tag: "None" }

const put = (
  { care, dependsOn, forma, label, place, target, targetConfig, type }: JournalEntry,
  found: Pick<InventoryRow, "nativeId" | "desired" | "actual" | "exactPaths">,
): InventoryChange => ({
  _tag: "Put",
  row: { forma, label, type, target, targetConfig, place, dependsOn, ...(care !== undefined && { care }), ...found },
})

/** A create that is not finished, but has a native id already: the next apply or destroy must find the resource. */
export const changeOfPart = (entry: JournalEntry, nativeId: NativeId | null): InventoryChange =>
  entry.kind === "Create" && nativeId !== null ? put(entry, { nativeId, desired: {}, actual: {} }) : noChange

/** An operation that has succeeded. Without capabilities it is not known which properties are secret, so none are kept. */
export const changeOfSuccess = (
  entry: JournalEntry,
  capabilities: TypeCapabilities | undefined,
  { nativeId, properties }: Succeeded,
): InventoryChange =>
  entry.kind === "Delete"
    ? // By now another resource may have its label.
      { _tag: "Remove", forma: entry.forma, label: entry.label, nativeId: entry.nativeId ?? nativeId }
    : put(entry, {
        nativeId,
        desired: entry.desired,
        // What was sealed is secret for this resource, whatever its type says.
        actual:
          capabilities === undefined
            ? {}
            : withoutSecrets(properties, withSealedProperties(capabilities, entry.desired)),
        exactPaths: capabilities === undefined ? [] : exactPathsOf(capabilities),
      })
