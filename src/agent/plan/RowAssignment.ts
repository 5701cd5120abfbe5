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
  /**
   * Labels that must not be touched now, each with the label of the open
   * operation that it waits for: a rename needs both.
   */
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

/** Finds the rows that may be a thing by its type and native id: a look at all rows for each thing would be quadratic. */
export const indexThings = (
  rows: ReadonlyArray<InventoryRow>,
): ((type: ResourceType, nativeId: NativeId | undefined) => ReadonlyArray<InventoryRow>) => {
  const byThing = Map.groupBy(rows, ({ nativeId, type }) => `${type} ${nativeId}`)
  return (type, nativeId) => (nativeId === undefined ? [] : (byThing.get(`${type} ${nativeId}`) ?? []))
}

/** A row and the label that it should have. Without a row, an open create may still make the thing. */
interface Rename {
  readonly from: string
  readonly to: string
  readonly row: InventoryRow | undefined
}

/** First the renames that the document states, then the things that are certainly the same. */
const renamesOf = ({ moved, open, rows, wanted }: AssignmentInput): ReadonlyArray<Rename> => {
  const byLabel = new Map(rows.map((row) => [row.label, row]))
  const labels = new Set(wanted.map(({ label }) => label))
  const rowsLike = indexThings(rows)
  return [
    ...moved.flatMap(({ from, to }) => {
      const row = byLabel.get(from)
      return byLabel.has(to) || (row === undefined && !open.has(from)) ? [] : [{ from, to, row }]
    }),
    ...wanted.flatMap(({ identity, label, type }) => {
      if (identity?.nativeId === undefined) return []
      const same = rowsLike(type, identity.nativeId).filter((row) =>
        isThing(row, type, identity.place, identity.nativeId),
      )
      // Of two rows for one thing, the one under this label, or else one that no label keeps.
      const row = same.find((one) => one.label === label) ?? same.find((one) => !labels.has(one.label)) ?? same[0]
      return row === undefined ? [] : [{ from: row.label, to: label, row }]
    }),
  ]
}

/**
 * The labels that no rename may touch. One with an open operation keeps its row,
 * and gets no other: the end of the operation would take its place. What should
 * be renamed to or from such a label waits, and so does what needs its label.
 */
const heldLabels = (renames: ReadonlyArray<Rename>, open: ReadonlySet<string>): ReadonlyMap<string, string> => {
  const causes = new Map([...open].map((label) => [label, label]))
  for (let before = -1; before < causes.size;) {
    before = causes.size
    for (const { from, to } of renames) {
      const cause = causes.get(from) ?? causes.get(to)
      if (from === to || cause === undefined) continue
      for (const label of [from, to]) if (!causes.has(label)) causes.set(label, cause)
    }
  }
  for (const label of open) causes.delete(label)
  return causes
}

/**
 * Assigns rows to labels: first by the renames, then the labels that have stayed.
 * A row whose label is needed for another one takes over the label that this
 * leaves free.
 */
export const assignRows = (input: AssignmentInput): Assignment => {
  const { open, rows, wanted } = input
  const byLabel = new Map(rows.map((row) => [row.label, row]))
  const assigned = new Map<string, InventoryRow>()
  const taken = new Set<InventoryRow>()
  const assign = (label: string, row: InventoryRow | undefined): void => {
    if (row === undefined || taken.has(row) || assigned.has(label)) return
    assigned.set(label, row)
    taken.add(row)
  }

  const renames = renamesOf(input)
  const held = heldLabels(renames, open)
  const stays = (label: string): boolean => open.has(label) || held.has(label)
  for (const label of [...open, ...held.keys()]) assign(label, byLabel.get(label))
  for (const { row, to } of renames) if (!stays(to)) assign(to, row)
  for (const { label } of wanted) assign(label, byLabel.get(label))
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
