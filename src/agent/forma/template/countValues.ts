/** The size of a value, as `JSON` would write it: how many values it has, how many characters, and how deep they are. */
export interface ValueSize {
  readonly values: number
  readonly characters: number
  readonly depth: number
}

const sizes = new WeakMap<object, ValueSize>()

/** Each object is counted once, however often it is asked for. */
export const countValues = (value: unknown): ValueSize => {
  if (typeof value === "string") return { values: 1, characters: value.length, depth: 0 }
  if (typeof value !== "object" || value === null) return { values: 1, characters: 0, depth: 0 }
  const known = sizes.get(value)
  if (known !== undefined) return known
  let values = 1
  let characters = 0
  let depth = 0
  for (const item of Object.values(value)) {
    const size = countValues(item)
    values += size.values
    characters += size.characters
    depth = Math.max(depth, size.depth)
  }
  const size = { values, characters, depth: depth + 1 }
  sizes.set(value, size)
  return size
}
