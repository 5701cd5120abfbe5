/** The traits of a type as a tree that is walked together with its properties. */
import { unescapeToken } from "effect/JsonPointer"
import type { PathTraits } from "./PathTraits.ts"
import type { PropertyTraits, TypeCapabilities } from "./Resource.ts"

/** What is declared about the values at one path, and at the paths inside it. */
export interface PathNode {
  /** The path as it is declared, such as `/Rules/*`. */
  readonly path: string
  readonly traits: PathTraits
  /** By name, or by index. */
  readonly named: ReadonlyMap<string, PathNode>
  /** For all other names, and for the items of an array. */
  readonly rest: PathNode | undefined
}

/** The node of what is inside a value. Undefined where nothing is declared about it. */
export const childOf = (node: PathNode | undefined, token: string): PathNode | undefined =>
  node?.named.get(token) ?? node?.rest

/** The tokens of a path. */
export const tokensOf = (path: string): ReadonlyArray<string> =>
  path === "" ? [] : path.slice(1).split("/").map(unescapeToken)

interface Draft {
  readonly path: string
  traits: PathTraits
  readonly named: Map<string, Draft>
  rest: Draft | undefined
}

const emptyDraft = (path: string): Draft => ({ path, traits: {}, named: new Map(), rest: undefined })

const draftAt = (root: Draft, path: string): Draft => {
  let node = root
  for (const token of tokensOf(path)) {
    const found = token === "*" ? node.rest : node.named.get(token)
    const next = found ?? emptyDraft(`${node.path}/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    if (token === "*") node.rest = next
    else node.named.set(token, next)
    node = next
  }
  return node
}

/** The traits that are declared for a whole property, as those of a path. */
const traitsOfProperty = ({
  createOnly,
  opaque,
  output,
  required,
  unordered,
  writeOnly,
}: PropertyTraits): PathTraits => ({
  required,
  createOnly,
  // A secret may be returned in another form than it was given.
  writeOnly: writeOnly || opaque,
  output,
  unordered,
})

type Declared = Pick<TypeCapabilities, "properties" | "paths">

const treeOf = ({ paths = {}, properties }: Declared): PathNode => {
  const root = emptyDraft("")
  for (const [name, traits] of Object.entries(properties)) {
    const node = emptyDraft(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    node.traits = traitsOfProperty(traits)
    root.named.set(name, node)
  }
  for (const [path, traits] of Object.entries(paths)) {
    const node = draftAt(root, path)
    node.traits = { ...node.traits, ...traits }
  }
  return root
}

const trees = new WeakMap<Declared, PathNode>()

/** The tree of a type. It is built once for each value of its capabilities. */
export const pathTreeOf = (declared: Declared): PathNode => {
  const known = trees.get(declared)
  if (known !== undefined) return known
  const tree = treeOf(declared)
  trees.set(declared, tree)
  return tree
}
