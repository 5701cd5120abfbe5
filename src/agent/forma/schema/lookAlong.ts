/** What a JSON Schema says of a place inside a value, as far as it says so plainly. */
import { ownValue } from "../../../protocol/ownValue.ts"
import { isList, isObject } from "./json.ts"

/** What a schema says of a place. */
export type Seen =
  /** A value of one of these types of JSON Schema. */
  | { readonly _tag: "Types"; readonly types: ReadonlySet<string> }
  /** The path leads into a list, or into a value that has nothing inside. `length` is that of the path up to it. */
  | { readonly _tag: "NoWay"; readonly type: "array" | "scalar"; readonly length: number }
  /** There is no property of this name, but there are those in `known`. */
  | { readonly _tag: "NoProperty"; readonly length: number; readonly known: ReadonlyArray<string> }
  /** The schema does not say. */
  | { readonly _tag: "Unknown" }

type Node = Readonly<Record<string, unknown>>

/** A schema that leads to itself ends somewhere. */
const maxSteps = 100

/** Follows references within the schema, and a choice with a single member. */
const settled = (root: Node, node: unknown): Node | undefined => {
  let at = node
  for (let steps = 0; steps < maxSteps && isObject(at); steps++) {
    const { $ref, allOf, anyOf, oneOf } = at
    if (typeof $ref === "string") {
      const name = /^#\/(\$defs|definitions)\/([^/]+)$/.exec($ref)
      const definitions = name?.[1] === undefined ? undefined : root[name[1]]
      at = isObject(definitions) ? ownValue(definitions, name?.[2] ?? "") : undefined
      continue
    }
    const only = [anyOf, oneOf, allOf].find((all) => isList(all) && all.length === 1)
    if (!isList(only) || at["type"] !== undefined) return at
    at = only[0]
  }
  return undefined
}

const typesOf = (root: Node, given: unknown): ReadonlySet<string> | undefined => {
  const node = settled(root, given)
  if (node === undefined) return undefined
  const { anyOf, oneOf, type } = node
  if (typeof type === "string") return new Set([type])
  if (isList(type)) return new Set(type.map(String))
  const members = isList(anyOf) ? anyOf : isList(oneOf) ? oneOf : undefined
  const all = members?.map((member) => typesOf(root, member)) ?? []
  return all.length === 0 || all.includes(undefined) ? undefined : new Set(all.flatMap((one) => [...(one ?? [])]))
}

const scalars = new Set(["string", "number", "integer", "boolean", "null"])

const isOnly = (types: ReadonlySet<string>, among: ReadonlySet<string>): boolean =>
  types.size > 0 && [...types].every((type) => among.has(type))

/** Looks along a path of names through the properties of a schema. */
export const lookAlong = (root: Node, path: ReadonlyArray<string>): Seen => {
  let node: unknown = root
  for (const [length, name] of path.entries()) {
    const types = typesOf(root, node)
    if (types !== undefined && isOnly(types, new Set(["array"]))) return { _tag: "NoWay", type: "array", length }
    if (types !== undefined && isOnly(types, scalars)) return { _tag: "NoWay", type: "scalar", length }
    const here = settled(root, node)
    const properties = here?.["properties"]
    if (!isObject(properties)) return { _tag: "Unknown" }
    const next = ownValue(properties, name)
    if (next === undefined) {
      const isClosed = here?.["additionalProperties"] === false && here["patternProperties"] === undefined
      return isClosed ? { _tag: "NoProperty", length, known: Object.keys(properties) } : { _tag: "Unknown" }
    }
    node = next
  }
  const types = typesOf(root, node)
  return types === undefined ? { _tag: "Unknown" } : { _tag: "Types", types }
}
