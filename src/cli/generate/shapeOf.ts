/** Reads the shape of a value from its JSON Schema. */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import { type DefinedShape, type Definition, type Field, type Literal, Shape } from "./Shape.ts"
import { ownValue } from "../../protocol/ownValue.ts"

type Node = { readonly [keyword: string]: Schema.Json }

const isNode = (value: unknown): value is Node => Predicate.isObject(value) && !Array.isArray(value)
const nodeAt = (node: Node, keyword: string): Node => {
  const value = ownValue(node, keyword)
  return isNode(value) ? value : {}
}
const listAt = (node: Node, keyword: string): ReadonlyArray<Schema.Json> => {
  const value = ownValue(node, keyword)
  return Array.isArray(value) ? value : []
}

/** The shape that a JSON Schema (draft 2020-12) describes. What a type cannot say, such as a pattern, is left out. */
export const shapeOf = (schema: Schema.Json): Shape => {
  if (schema === false) return Shape.Union({ members: [] })
  if (!isNode(schema)) return Shape.Any()
  const values = literalsOf(schema)
  const parts = [
    referenceOf(schema),
    values ?? typedShapeOf(schema),
    unionOf(listAt(schema, "anyOf").map(shapeOf)),
    unionOf(listAt(schema, "oneOf").map(shapeOf)),
    ...listAt(schema, "allOf").map(shapeOf),
  ].filter((part) => part !== undefined && part._tag !== "Any")
  const [first = Shape.Any()] = parts
  return parts.length > 1 ? Shape.Intersection({ members: parts.filter((part) => part !== undefined) }) : first
}

/** The shape of a schema with its definitions. */
export const definedShapeOf = (schema: Schema.Json): DefinedShape => ({
  shape: shapeOf(schema),
  definitions: definitionsOf(schema),
})

export const definitionsOf = (schema: Schema.Json): ReadonlyArray<Definition> =>
  isNode(schema)
    ? Object.entries({ ...nodeAt(schema, "definitions"), ...nodeAt(schema, "$defs") }).map(([name, definition]) => ({
        name,
        shape: shapeOf(definition),
      }))
    : []

/** The schema of each property of an object, by name. */
export const propertySchemasOf = (schema: Node): ReadonlyMap<string, Schema.Json> =>
  new Map(Object.entries(nodeAt(schema, "properties")))

export const descriptionOf = (schema: Schema.Json | undefined): string | undefined => {
  const description = isNode(schema) ? schema["description"] : undefined
  return typeof description === "string" ? description : undefined
}

/** A reference to the schema as a whole, or out of it, has no definition. */
const referenceOf = ({ $ref }: Node): Shape | undefined => {
  const name = typeof $ref === "string" ? /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec($ref)?.[1] : undefined
  return name === undefined ? undefined : Shape.Named({ name: name.replaceAll("~1", "/").replaceAll("~0", "~") })
}

const isLiteral = (value: Schema.Json): value is Literal => value === null || typeof value !== "object"

const literalsOf = (schema: Node): Shape | undefined => {
  const values = "const" in schema ? [schema["const"] ?? null] : listAt(schema, "enum")
  return values.length > 0 && values.every(isLiteral) ? Shape.Literals({ values }) : undefined
}

const unionOf = (members: ReadonlyArray<Shape>): Shape | undefined => {
  if (members.length < 2) return members[0]
  return members.some(({ _tag }) => _tag === "Any") ? Shape.Any() : Shape.Union({ members })
}

const typedShapeOf = (schema: Node): Shape | undefined => {
  const types = Array.isArray(schema["type"]) ? schema["type"] : [schema["type"] ?? impliedTypeOf(schema)]
  return unionOf(types.map((type) => shapeOfType(type, schema)))
}

/** The type of a schema that does not name it. */
const impliedTypeOf = (schema: Node): string | undefined => {
  if (["properties", "additionalProperties", "patternProperties"].some((keyword) => keyword in schema)) return "object"
  return "items" in schema || "prefixItems" in schema ? "array" : undefined
}

const shapeOfType = (type: Schema.Json | undefined, schema: Node): Shape => {
  switch (type) {
    case "string":
      return Shape.Text()
    case "number":
      return Shape.Number()
    case "integer":
      return Shape.Integer()
    case "boolean":
      return Shape.Boolean()
    case "null":
      return Shape.Null()
    case "array":
      return listOf(schema)
    case "object":
      return fieldsOf(schema)
    default:
      return Shape.Any()
  }
}

const listOf = (schema: Node): Shape => {
  const items = listAt(schema, "prefixItems").map(shapeOf)
  const rest = schema["items"]
  if (items.length === 0) return Shape.List({ item: shapeOf(rest ?? true) })
  const { maxItems, minItems } = schema
  const isClosed = rest === false || maxItems === items.length
  return Shape.Tuple({
    items,
    required: typeof minItems === "number" ? Math.min(minItems, items.length) : 0,
    rest: isClosed ? undefined : shapeOf(rest ?? true),
  })
}

const fieldsOf = (schema: Node): Shape => {
  const required = new Set(listAt(schema, "required"))
  const fields = [...propertySchemasOf(schema)].map(([name, property]): Field => ({
    name,
    shape: shapeOf(property),
    required: required.has(name),
    description: descriptionOf(property),
  }))
  return Shape.Fields({ fields, rest: restOf(schema) })
}

const restOf = (schema: Node): Shape | undefined => {
  const patterns = Object.values(nodeAt(schema, "patternProperties"))
  const additional = schema["additionalProperties"] ?? true
  const members = [...patterns, ...(additional === false ? [] : [additional])].map(shapeOf)
  return unionOf(members)
}
