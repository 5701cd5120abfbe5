/** Where the parts of a schema are that a `$ref` can name. */
import * as Option from "effect/Option"
import { isList, isObject, isText } from "./json.ts"

/** A schema with an identity of its own: the whole, or a part with an `$id`. */
export interface Resource {
  readonly base: string
  readonly root: object
  /** By name: `$anchor` and `$dynamicAnchor`. */
  readonly anchors: Map<string, object>
  readonly dynamicAnchors: Map<string, object>
  /** Whether it is in the dialect that is known here. */
  readonly isKnown: boolean
}

/** What a `$ref` names. */
export interface Target {
  readonly schema: unknown
  readonly resource: Resource
  /** The name after `#`, where it is one. */
  readonly anchor: string | undefined
}

export interface SchemaIndex {
  readonly root: Resource
  readonly resourceOf: (schema: object) => Resource | undefined
  /** `undefined` if it is not in this schema, or is not valid. */
  readonly resolve: (reference: string, from: Resource) => Target | undefined
  readonly hasFormats: boolean
  readonly hasPatterns: boolean
  readonly hasUnevaluated: boolean
}

const dialect = "https://json-schema.org/draft/2020-12/schema"
const noBase = "schema:///"

/** A schema with a longer `$id` is not looked into: each part with an `$id` would have all of it again. */
const longestBase = 500

const schemaIn: ReadonlySet<string> = new Set([
  "additionalProperties",
  "contains",
  "contentSchema",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
])
const schemasIn: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems"])
const namedSchemasIn: ReadonlySet<string> = new Set([
  "$defs",
  "definitions",
  "dependencies",
  "dependentSchemas",
  "patternProperties",
  "properties",
])

/** The schemas that stand directly in a schema. */
const partsOf = (schema: Readonly<Record<string, unknown>>): ReadonlyArray<unknown> =>
  Object.entries(schema).flatMap(([key, value]): ReadonlyArray<unknown> => {
    if (schemaIn.has(key)) return [value]
    if (schemasIn.has(key) && isList(value)) return value
    return namedSchemasIn.has(key) && isObject(value) ? Object.values(value) : []
  })

export const indexOf = (root: Readonly<Record<string, unknown>>): SchemaIndex => {
  const resources = new Map<string, Resource>()
  const resourceOf = new Map<object, Resource>()
  let hasFormats = false
  let hasPatterns = false
  let hasUnevaluated = false
  const first = makeResource(root, noBase, true)
  const rest: Array<readonly [unknown, Resource]> = [[root, first]]
  while (rest.length > 0) {
    const [schema, outer] = rest.pop() ?? []
    if (!isObject(schema) || outer === undefined || resourceOf.has(schema)) continue
    const resource =
      schema === root ? first : isText(schema["$id"]) ? makeResource(schema, outer.base, outer.isKnown) : outer
    resourceOf.set(schema, resource)
    if (resource.root === schema && !resources.has(resource.base)) resources.set(resource.base, resource)
    nameAnchors(schema, resource)
    hasFormats ||= Object.hasOwn(schema, "format")
    hasPatterns ||= Object.hasOwn(schema, "pattern") || Object.hasOwn(schema, "patternProperties")
    hasUnevaluated ||= Object.hasOwn(schema, "unevaluatedItems") || Object.hasOwn(schema, "unevaluatedProperties")
    for (const part of partsOf(schema)) rest.push([part, resource])
  }
  return {
    root: first,
    hasFormats,
    hasPatterns,
    hasUnevaluated,
    resourceOf: (schema) => resourceOf.get(schema),
    resolve: remember((reference, from) => resolve(resources, resourceOf, reference, from)),
  }
}

const makeResource = (
  schema: Readonly<Record<string, unknown>>,
  outerBase: string,
  isOuterKnown: boolean,
): Resource => {
  const id = schema["$id"]
  const isLong = isText(id) && id.length > longestBase
  const url = isText(id) && !isLong ? URL.parse(id, outerBase) : null
  const base = url === null ? outerBase : withoutFragment(url)
  const isTooLong = isLong || base.length > longestBase
  const said = schema["$schema"]
  return {
    base: isTooLong ? outerBase : base,
    root: schema,
    anchors: new Map(),
    dynamicAnchors: new Map(),
    isKnown: !isTooLong && (said === undefined ? isOuterKnown : isText(said) && said.replace(/#$/, "") === dialect),
  }
}

const nameAnchors = (schema: Readonly<Record<string, unknown>>, { anchors, dynamicAnchors }: Resource): void => {
  const { $anchor, $dynamicAnchor } = schema
  if (isText($anchor)) anchors.set($anchor, schema)
  if (isText($dynamicAnchor)) {
    anchors.set($dynamicAnchor, schema)
    dynamicAnchors.set($dynamicAnchor, schema)
  }
}

const withoutFragment = (url: URL): string => {
  const { href } = url
  const end = href.indexOf("#")
  return end === -1 ? href : href.slice(0, end)
}

const remember = (find: SchemaIndex["resolve"]): SchemaIndex["resolve"] => {
  const known = new Map<Resource, Map<string, Target | undefined>>()
  return (reference, from) => {
    const ofResource = known.get(from) ?? new Map<string, Target | undefined>()
    known.set(from, ofResource)
    if (!ofResource.has(reference)) ofResource.set(reference, find(reference, from))
    return ofResource.get(reference)
  }
}

const resolve = (
  resources: ReadonlyMap<string, Resource>,
  resourceOf: ReadonlyMap<object, Resource>,
  reference: string,
  from: Resource,
): Target | undefined => {
  const url = URL.parse(reference, from.base)
  const resource = url === null ? undefined : resources.get(withoutFragment(url))
  const fragment = url === null ? Option.none() : decodeFragment(url.hash.slice(1))
  if (resource === undefined || Option.isNone(fragment)) return undefined
  const name = fragment.value
  if (name !== "" && !name.startsWith("/")) {
    const schema = resource.anchors.get(name)
    return schema === undefined ? undefined : { schema, resource, anchor: name }
  }
  return followPointer(name, resource, resourceOf)
}

const decodeFragment = Option.liftThrowable(decodeURIComponent)

const followPointer = (
  pointer: string,
  from: Resource,
  resourceOf: ReadonlyMap<object, Resource>,
): Target | undefined => {
  let schema: unknown = from.root
  let resource = from
  for (const token of pointer.split("/").slice(1)) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~")
    if (typeof schema !== "object" || schema === null || !Object.hasOwn(schema, key)) return undefined
    schema = Reflect.get(schema, key)
    if (isObject(schema)) resource = resourceOf.get(schema) ?? resource
  }
  return { schema, resource, anchor: undefined }
}
