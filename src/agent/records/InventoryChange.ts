/** What an operation changes in the inventory, by its entry in the journal. */
import type { NativeId } from "../../protocol/Identity.ts"
import type { Succeeded } from "../../protocol/Progress.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { withoutSecrets } from "../secrets/Seals.ts"
import type { InventoryRow } from "./Inventory.ts"
import type { JournalEntry } from "./JournalEntry.ts"

export type InventoryChange =
  | { readonly _tag: "Put"; readonly row: InventoryRow }
  | { readonly _tag: "Remove"; readonly forma: string; readonly label: string; readonly nativeId: NativeId }
  | { readonly _tag: "None" }

export const noChange: InventoryChange = { _tag: "None" }

const put = (
  { dependsOn, forma, label, target, targetConfig, type }: JournalEntry,
  made: { readonly nativeId: NativeId; readonly desired: Properties; readonly actual: Properties },
): InventoryChange => ({
  _tag: "Put",
  row: { forma, label, type, target, targetConfig, dependsOn, ...made },
})

/** What exists in part must not be lost: the next apply finds it, and so does a destroy. */
export const ofPart = (entry: JournalEntry, nativeId: NativeId | null): InventoryChange =>
  entry.kind === "Create" && nativeId !== null ? put(entry, { nativeId, desired: {}, actual: {} }) : noChange

/** What was made, changed, or removed. Of a type that its plugin does not know any more, nothing may be kept but where it is. */
export const ofSuccess = (
  entry: JournalEntry,
  capabilities: TypeCapabilities | undefined,
  { nativeId, properties }: Succeeded,
): InventoryChange =>
  entry.kind === "Delete"
    ? // Another resource may have its label by now.
      { _tag: "Remove", forma: entry.forma, label: entry.label, nativeId: entry.nativeId ?? nativeId }
    : put(entry, {
        nativeId,
        desired: entry.desired,
        actual: capabilities === undefined ? {} : withoutSecrets(properties, capabilities),
      })
