/**
 * Resources that were to be replaced, and whose replacement was never created:
 * the create failed, or everything was cut off before it. They are again what
 * their label means, with all that holds for it.
 */
import type { InventoryRow } from "../records/Inventory.ts"
import { replacedLabelOf, replacementOf } from "./ReplacedLabel.ts"

export interface TakenBack {
  /** All rows. Those that are taken back have the labels of their document, and references follow. */
  readonly rows: ReadonlyArray<InventoryRow>
  /** The labels that those have in the inventory, by the labels of their document. */
  readonly stored: ReadonlyMap<string, string>
}

/** A label with an open operation may still get its resource, so that its old one waits. */
export const takeBack = (rows: ReadonlyArray<InventoryRow>, open: ReadonlySet<string>): TakenBack => {
  const labels = new Set(rows.map(({ label }) => label))
  const stored = new Map<string, string>()
  for (const { label } of rows) {
    const own = replacedLabelOf(label)
    if (own === undefined || labels.has(own) || open.has(own) || open.has(label)) continue
    const other = stored.get(own)
    // Of several, the last one is what the label has meant until then.
    if (other === undefined || replacementOf(other) < replacementOf(label)) stored.set(own, label)
  }
  if (stored.size === 0) return { rows, stored }
  const names = new Map([...stored].map(([own, label]) => [label, own]))
  const named = (label: string): string => names.get(label) ?? label
  return {
    rows: rows.map((row) => ({ ...row, label: named(row.label), dependsOn: row.dependsOn.map(named) })),
    stored,
  }
}
