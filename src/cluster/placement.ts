/** Which runners may work on a document: pure decisions over sets of namespaces. */
import { namespaceKey } from "../protocol/Identity.ts"

/** A set of namespaces as text, which names the runners that host all of them. */
export type ShardGroup = string

/** Of documents without resources, and of what is there once in a cluster. Every runner serves it. */
export const anyGroup: ShardGroup = "default"

const separator = "+"

/** In the place of names that are too long together: the engine has room for so many characters beside the number of a shard. */
const digestMark = "#"
const maxGroupLength = 47

/** FNV-1a in 64 bits. It is a part of names that runners share, and so never changes. */
const digestOf = (text: string): string => {
  let digest = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    digest = BigInt.asUintN(64, (digest ^ BigInt(byte)) * 0x100000001b3n)
  }
  return digest.toString(16).padStart(16, "0")
}

/** Of up to so many namespaces a runner serves every combination. Of more it serves each alone, each pair, and all together. */
const maxCombined = 3

/** The name of a set of namespaces. */
export const groupOf = (namespaces: Iterable<string>): ShardGroup => {
  const names = [...new Set(namespaces)].toSorted()
  if (names.length === 0) return anyGroup
  const name = names.join(separator)
  return name.length <= maxGroupLength ? name : `${digestMark}${digestOf(name)}`
}

/** The namespaces that the name of a group says. A digest says none. */
const namespacesOf = (group: ShardGroup): ReadonlyArray<string> =>
  group === anyGroup || group.startsWith(digestMark) ? [] : group.split(separator)

/** The groups that a runner serves that may host these namespaces. */
export const groupsServedBy = (hosted: Iterable<string>): ReadonlyArray<ShardGroup> =>
  setsOf(hosted).map(groupOf).toSorted()

const setsOf = (hosted: Iterable<string>): ReadonlyArray<ReadonlyArray<string>> => {
  const names = [...new Set(hosted)].toSorted()
  return names.length <= maxCombined
    ? combinationsOf(names)
    : [[], ...names.map((name) => [name]), ...pairsOf(names), names]
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
  const wanted = [...namespaces].map(namespaceKey)
  const sets = [...served].flatMap((groups) => setsOf(hostedBy(groups)).filter((set) => groups.includes(groupOf(set))))
  const [best] = sets
    .filter((set) => wanted.every((name) => set.map(namespaceKey).includes(name)))
    .map((set) => ({ group: groupOf(set), size: set.length }))
    .toSorted((one, other) => one.size - other.size || (one.group < other.group ? -1 : 1))
  return best?.group
}

/** All that a runner may host, by the groups that it serves: each namespace has one of its own. */
export const hostedBy = (served: ReadonlyArray<ShardGroup>): ReadonlyArray<string> =>
  [...new Set(served.flatMap(namespacesOf))].toSorted()

/** Why no runner may work on a document, or on all of several documents. */
export const describeNoRunner = (
  namespaces: Iterable<string>,
  runners: ReadonlyArray<{ readonly name: string; readonly groups: ReadonlyArray<ShardGroup> }>,
  documents: ReadonlyArray<string> = [],
): string => {
  const wanted = [...new Set(namespaces)].toSorted().join(", ")
  const each = runners.map(({ groups, name }) => `${name} hosts ${hostedBy(groups).join(", ") || "none"}`)
  const found = each.length === 0 ? "there is no runner now" : each.toSorted().join("; ")
  const [need, orElse] =
    documents.length > 1
      ? ["the documents need", `name one of them (${documents.join(", ")})`]
      : ["the document needs", "split the document"]
  return `No runner of the cluster may host all that ${need} (${wanted}): ${found}. Start a runner that hosts them, or ${orElse}`
}

/** The id of the entity that works on a forma. Its group comes first, so that its shard follows from its id. */
export const entityIdOf = (group: ShardGroup, forma: string): string => `${group}:${forma}`

/** The group in the id of an entity. */
export const groupOfEntity = (id: string): ShardGroup => id.slice(0, id.indexOf(":"))

/** The forma in the id of an entity. Empty for what works on all of them. */
export const formaOfEntity = (id: string): string => id.slice(id.indexOf(":") + 1)
