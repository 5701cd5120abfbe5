/** Holds once what many rows have in common: each row comes from the store with values of its own. */
import type { InventoryRow } from "./Inventory.ts"

/** The first value for each key. */
const makeFirsts = <Value>(): ((key: unknown, value: Value) => Value) => {
  const firsts = new Map<unknown, Value>()
  return (key, value) => {
    const first = firsts.get(key)
    if (first !== undefined) return first
    firsts.set(key, value)
    return value
  }
}

/** A function of rows and of the text that the config of their target was stored as. */
export const makeSharing = (): ((row: InventoryRow, storedConfig: unknown) => InventoryRow) => {
  const configs = makeFirsts<InventoryRow["targetConfig"]>()
  const formae = makeFirsts<string>()
  const places = makeFirsts<string | null>()
  const targets = makeFirsts<string>()
  const types = makeFirsts<InventoryRow["type"]>()
  return (row, storedConfig) => ({
    ...row,
    forma: formae(row.forma, row.forma),
    type: types(row.type, row.type),
    target: targets(row.target, row.target),
    targetConfig: configs(storedConfig, row.targetConfig),
    place: places(row.place, row.place),
  })
}
