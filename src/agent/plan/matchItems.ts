/** Pairs the items of two arrays whose order means nothing. */

/**
 * Gives each wanted item an actual item of its own that fits it, and returns
 * what `fit` said of the pairs, in the order of the wanted items. Undefined if
 * that is not possible. Sorting would not help, because what a provider adds to
 * an item changes its place in the order.
 */
export const matchItems = <Item, Fit>(
  wanted: ReadonlyArray<Item>,
  actual: ReadonlyArray<Item>,
  fit: (wanted: Item, actual: Item, index: number) => Fit | undefined,
): ReadonlyArray<Fit> | undefined => {
  if (wanted.length !== actual.length) return undefined
  const known = new Map<string, Fit | undefined>()
  const fitOf = (one: number, other: number): Fit | undefined => {
    const key = `${one} ${other}`
    if (!known.has(key)) known.set(key, fit(wanted[one] as Item, actual[other] as Item, one))
    return known.get(key)
  }
  /** The index of the wanted item that each actual item is assigned to. */
  const assigned = new Map<number, number>()
  // A bipartite matching: if all items that fit are assigned, one of their owners must take another item.
  const assign = (one: number, tried: Set<number>): boolean =>
    actual.some((_, other) => {
      if (tried.has(other) || fitOf(one, other) === undefined) return false
      tried.add(other)
      const owner = assigned.get(other)
      if (owner !== undefined && !assign(owner, tried)) return false
      assigned.set(other, one)
      return true
    })
  if (!wanted.every((_, one) => assign(one, new Set()))) return undefined
  const fits: Array<Fit> = []
  for (const [other, one] of assigned) {
    const found = fitOf(one, other)
    if (found !== undefined) fits[one] = found
  }
  return fits
}
