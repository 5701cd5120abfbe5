/** Holds once what many rows have in common: each row comes from the store with values of its own. */
import type { ResourceType } from "../../protocol/Identity.ts"
import type { TargetConfig } from "../../protocol/Resource.ts"

/** What rows of the inventory may have in common. */
interface Common {
  readonly forma: string
  readonly type: ResourceType
  readonly target: string
  readonly targetConfig: TargetConfig
  readonly place: string | null
}

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
export const makeSharing = (): (<Row extends Common>(row: Row, storedConfig: unknown) => Row) => {
  const configs = makeFirsts<TargetConfig>()
  const formae = makeFirsts<string>()
  const places = makeFirsts<string | null>()
  const targets = makeFirsts<string>()
  const types = makeFirsts<ResourceType>()
  return (row, storedConfig) => ({
    ...row,
    forma: formae(row.forma, row.forma),
    type: types(row.type, row.type),
    target: targets(row.target, row.target),
    targetConfig: configs(storedConfig, row.targetConfig),
    place: places(row.place, row.place),
  })
}
