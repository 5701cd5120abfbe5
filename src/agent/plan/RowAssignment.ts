/**
 * Which resource of the inventory each label means now. A label is only a name:
 * the same thing under another label is a rename, and nothing is done to it.
 */
import type { Identification } from "../../protocol/Identification.ts"
import type { NativeId, ResourceType } from "../../protocol/Identity.ts"
import type { MovedLabel } from "../forma/FormaDocument.ts"
import type { InventoryRow } from "../records/Inventory.ts"

/** A resource that the forma wants, as far as it is known which thing it is. */
export interface WantedIdentity {
  readonly label: string
  readonly type: ResourceType
  /** Left out where the plugin does not say, or where it was not asked. */
  readonly identity?: Identification | undefined
}

/** A row under the label that it has from now on. */
export interface AssignedRow {
  readonly row: InventoryRow
  /** The label that it had. Left out where it keeps its label. */
  readonly movedFrom?: string
}

export interface AssignmentInput {
  /** The rows of the forma. */
  readonly rows: ReadonlyArray<InventoryRow>
  readonly wanted: ReadonlyArray<WantedIdentity>
  /** The renames that the document states. */
  readonly moved: ReadonlyArray<MovedLabel>
  /** The labels with open operations. Their rows keep them. */
  readonly open: ReadonlySet<string>
}

export interface Assignment {
  /** All rows, each under one label. */
  readonly rows: ReadonlyMap<string, AssignedRow>
  /** Wanted labels whose thing has a row that cannot be renamed now, with that row's label. */
  readonly held: ReadonlyMap<string, string>
}

/** Whether a row is certainly the thing with this identity. */
export const isThing = (
  row: Pick<InventoryRow, "type" | "place" | "nativeId">,
  type: ResourceType,
  place: string | null,
  nativeId: NativeId | undefined,
): boolean =>
  nativeId !== undefined && row.type === type && row.place !== null && row.place === place && row.nativeId === nativeId

/**
 * Assigns rows to labels: first the renames that the document states, then the
 * things that are certainly the same, then the labels that have stayed. A row
 * whose label is needed for another one takes over the label that this leaves
 * free.
 */
export const assignRows = ({ moved, open, rows, wanted }: AssignmentInput): Assignment => {
  const byLabel = new Map(rows.map((row) => [row.label, row]))
  const assigned = new Map<string, InventoryRow>()
  const taken = new Set<InventoryRow>()
  const held = new Map<string, string>()
  const assign = (label: string, row: InventoryRow | undefined): void => {
    if (row === undefined || taken.has(row) || assigned.has(label)) return
    assigned.set(label, row)
    taken.add(row)
  }

  for (const label of open) assign(label, byLabel.get(label))
  for (const { from, to } of moved) if (!byLabel.has(to)) assign(to, byLabel.get(from))
  for (const { identity, label, type } of wanted) {
    if (identity?.nativeId === undefined) continue
    const same = rows.filter((row) => isThing(row, type, identity.place, identity.nativeId))
    // Of two rows for one thing, the one under this label.
    const row = same.find((one) => one.label === label) ?? same[0]
    if (row !== undefined && row.label !== label && open.has(row.label)) held.set(label, row.label)
    else assign(label, row)
  }
  for (const { label } of wanted) if (!held.has(label)) assign(label, byLabel.get(label))
  for (const row of rows) if (!taken.has(row)) assign(freeLabel(row.label, assigned), row)

  return {
    rows: new Map(
      [...assigned].map(([label, row]) => [label, label === row.label ? { row } : { row, movedFrom: row.label }]),
    ),
    held,
  }
}

/** The label itself, or else the one that was left by the row that has it now, and so on. */
const freeLabel = (label: string, assigned: ReadonlyMap<string, InventoryRow>): string => {
  let free = label
  for (let owner = assigned.get(free); owner !== undefined; owner = assigned.get(free)) free = owner.label
  return free
}
