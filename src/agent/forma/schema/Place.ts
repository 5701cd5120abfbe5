/** A place in a value that is checked, and what is known to be a reference below it. */
type Path = ReadonlyArray<PropertyKey>

/** Where the references are, by key. The reference itself is `true`. */
export type ReferenceTree = true | ReadonlyMap<string, ReferenceTree>

export interface Place {
  /** `undefined` at a reference. */
  readonly value: unknown
  readonly key: string | number
  /** `undefined` at the root. */
  readonly parent: Place | undefined
  /** `undefined` if there is none. */
  readonly references: ReferenceTree | undefined
}

export const rootPlace = (value: unknown, references: ReadonlyArray<Path>): Place => ({
  value,
  key: "",
  parent: undefined,
  references: treeOf(references),
})

/** The place of a property or an item. */
export const inside = (parent: Place, key: string | number, value: unknown): Place => ({
  value,
  key,
  parent,
  references: parent.references instanceof Map ? parent.references.get(String(key)) : undefined,
})

/** The place of a property that is not there, or of its name. */
export const beside = (parent: Place, key: string | number, value?: unknown): Place => ({
  value,
  key,
  parent,
  references: undefined,
})

export const pathOf = (place: Place): Array<string | number> => {
  const path: Array<string | number> = []
  for (let at = place; at.parent !== undefined; at = at.parent) path.push(at.key)
  return path.toReversed()
}

const treeOf = (paths: ReadonlyArray<Path>): ReferenceTree | undefined => {
  if (paths.length === 0) return undefined
  if (paths.some((path) => path.length === 0)) return true
  const below = Map.groupBy(paths, ([key = ""]) => String(key))
  return new Map([...below].map(([key, some]) => [key, treeOf(some.map((path) => path.slice(1))) ?? true]))
}
