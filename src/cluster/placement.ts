/** Which runners may work on a document: pure decisions over sets of namespaces. */

/** A set of namespaces as text, which names the runners that host all of them. */
export type ShardGroup = string

/** Of documents without resources, and of what is there once in a cluster. Every runner serves it. */
export const anyGroup: ShardGroup = "default"

const separator = "+"

/** Of up to so many namespaces a runner serves every combination. Of more it serves each alone, each pair, and all together. */
const maxCombined = 3

/** The name of a set of namespaces. */
export const groupOf = (namespaces: Iterable<string>): ShardGroup => {
  const names = [...new Set(namespaces)].toSorted()
  return names.length === 0 ? anyGroup : names.join(separator)
}

/** The namespaces that the name of a group says. */
export const namespacesOf = (group: ShardGroup): ReadonlyArray<string> =>
  group === anyGroup ? [] : group.split(separator)

/** The groups that a runner serves that may host these namespaces. */
export const groupsServedBy = (hosted: Iterable<string>): ReadonlyArray<ShardGroup> => {
  const names = [...new Set(hosted)].toSorted()
  const sets =
    names.length <= maxCombined ? combinationsOf(names) : [[], ...names.map((name) => [name]), ...pairsOf(names), names]
  return sets.map(groupOf).toSorted()
}

const combinationsOf = (names: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const found: Array<ReadonlyArray<string>> = [[]]
  for (const name of names) found.push(...found.map((set) => [...set, name]))
  return found
}

const pairsOf = (names: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other]))

/**
 * The group of a document: the one of its namespaces, or else the smallest one
 * that has them all. Undefined where no runner may host all of them.
 */
export const chooseGroup = (
  namespaces: Iterable<string>,
  served: Iterable<ReadonlyArray<ShardGroup>>,
): ShardGroup | undefined => {
  const wanted = [...new Set(namespaces)]
  const groups = [...new Set([...served].flat())].map((group) => ({ group, hosted: namespacesOf(group) }))
  const [best] = groups
    .filter(({ hosted }) => wanted.every((name) => hosted.includes(name)))
    .toSorted((one, other) => one.hosted.length - other.hosted.length || (one.group < other.group ? -1 : 1))
  return best?.group
}

/** All that a runner may host, by the groups that it serves. */
export const hostedBy = (served: ReadonlyArray<ShardGroup>): ReadonlyArray<string> =>
  [...new Set(served.flatMap(namespacesOf))].toSorted()

/** Why no runner may work on a document. */
export const describeNoRunner = (
  namespaces: Iterable<string>,
  runners: ReadonlyArray<{ readonly name: string; readonly groups: ReadonlyArray<ShardGroup> }>,
): string => {
  const wanted = [...new Set(namespaces)].toSorted().join(", ")
  const each = runners.map(({ groups, name }) => `${name} hosts ${hostedBy(groups).join(", ") || "none"}`)
  const found = each.length === 0 ? "there is no runner now" : each.toSorted().join("; ")
  return `No runner of the cluster may host all that the document needs (${wanted}): ${found}. Start a runner that hosts them, or split the document`
}

/** The id of the entity that works on a forma. Its group comes first, so that its shard follows from its id. */
export const entityIdOf = (group: ShardGroup, forma: string): string => `${group}:${forma}`

/** The group in the id of an entity. */
export const groupOfEntity = (id: string): ShardGroup => id.slice(0, id.indexOf(":"))

/** The forma in the id of an entity. Empty for what works on all of them. */
export const formaOfEntity = (id: string): string => id.slice(id.indexOf(":") + 1)
