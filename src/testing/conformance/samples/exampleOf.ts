/** Makes a value that a JSON Schema allows, as plain as it can be. What it makes has to be checked. */
import type * as Schema from "effect/Schema"
import { isList, isObject, isText } from "../../../agent/forma/schema/json.ts"
import { indexOf, type Resource, type SchemaIndex } from "../../../agent/forma/schema/SchemaIndex.ts"
import type { Properties } from "../../../protocol/Resource.ts"
import { textFor } from "./textFor.ts"

type Node = Readonly<Record<string, unknown>>

/** A schema that leads in circles, or that doubles, is given up. */
const most = { schemas: 5000, depth: 50, depthOfOptional: 5, items: 100, characters: 10_000 }

export interface ExampleOptions {
  /** What a text is where the schema says nothing about it. */
  readonly text: string
  /** Whether properties that may be left out are made too. */
  readonly withOptional: boolean
}

/** `undefined` if none is found. */
export const exampleOf = (
  schema: Properties,
  options: ExampleOptions = { text: "a", withOptional: true },
): Schema.Json | undefined => {
  const index = indexOf(schema)
  return new ExampleMaker(index, options).make(schema, index.root, 0)
}

class ExampleMaker {
  private schemas = 0
  private readonly index: SchemaIndex
  private readonly options: ExampleOptions

  constructor(index: SchemaIndex, options: ExampleOptions) {
    this.index = index
    this.options = options
  }

  make(given: unknown, outer: Resource, depth: number): Schema.Json | undefined {
    this.schemas += 1
    if (given === true) return this.options.text
    if (!isObject(given) || this.schemas > most.schemas || depth > most.depth) return undefined
    const resource = this.index.resourceOf(given) ?? outer
    const { $ref, allOf, anyOf, oneOf, ...schema } = given
    if (isText($ref)) {
      const target = this.index.resolve($ref, resource)
      const beside = { ...schema, ...(isList(allOf) ? { allOf } : {}) }
      return target && this.make(joined(beside, target.schema), target.resource, depth + 1)
    }
    if (isList(allOf))
      return this.make(
        allOf.reduce<Node>((all, one) => (isObject(one) ? merge(all, one) : all), { ...schema, anyOf, oneOf }),
        resource,
        depth + 1,
      )
    for (const form of [anyOf, oneOf].find(isList) ?? []) {
      const made = isObject(form) ? this.make(merge(schema, form), resource, depth + 1) : undefined
      if (made !== undefined) return made
    }
    if (isList(anyOf) || isList(oneOf)) return undefined
    return this.plain(schema, resource, depth)
  }

  private plain(schema: Node, resource: Resource, depth: number): Schema.Json | undefined {
    if (Object.hasOwn(schema, "const")) return schema["const"] as Schema.Json
    if (isList(schema["enum"])) return schema["enum"][0] as Schema.Json
    switch (typeOf(schema)) {
      case "object":
        return this.object(schema, resource, depth)
      case "array":
        return this.array(schema, resource, depth)
      case "integer":
        return numberFor(schema, 1)
      case "number":
        return numberFor(schema, undefined)
      case "boolean":
        return true
      case "null":
        return null
      default:
        return stringFor(schema, this.options.text)
    }
  }

  private object(schema: Node, resource: Resource, depth: number): Schema.Json | undefined {
    const properties = isObject(schema["properties"]) ? schema["properties"] : {}
    const required = isList(schema["required"]) ? schema["required"].filter(isText) : []
    const made = new Map<string, Schema.Json>()
    for (const name of new Set([...required, ...Object.keys(properties)])) {
      const isRequired = required.includes(name)
      if (!isRequired && (!this.options.withOptional || depth > most.depthOfOptional)) continue
      const value = this.make(Object.hasOwn(properties, name) ? properties[name] : true, resource, depth + 1)
      if (value !== undefined) made.set(name, value)
      else if (isRequired) return undefined
    }
    return Object.fromEntries(made)
  }

  private array(schema: Node, resource: Resource, depth: number): Schema.Json | undefined {
    const first = isList(schema["prefixItems"]) ? schema["prefixItems"] : []
    const count = Math.max(sizeAt(schema, "minItems", 0), Math.min(first.length, sizeAt(schema, "maxItems", Infinity)))
    if (count > most.items) return undefined
    const items: Array<Schema.Json> = []
    for (let at = 0; at < count; at += 1) {
      const item = this.make(first[at] ?? schema["items"] ?? schema["contains"] ?? true, resource, depth + 1)
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }
}

const joined = (a: Node, b: unknown): unknown => (isObject(b) ? merge(a, b) : b)

/** One schema that asks for what two ask for, as near as that is needed for an example. */
const merge = (a: Node, b: Node): Node => {
  const required = [a, b].flatMap(({ required }) => (isList(required) ? required : []))
  const properties = [a, b].flatMap(({ properties }) => (isObject(properties) ? Object.entries(properties) : []))
  return Object.fromEntries(
    Object.entries({
      ...a,
      ...b,
      ...(required.length === 0 ? {} : { required }),
      ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    }).filter(([, value]) => value !== undefined),
  )
}

const typeOf = (schema: Node): unknown => {
  const { type } = schema
  if (isList(type)) return type.find((one) => one !== "null") ?? "null"
  if (type !== undefined) return type
  if (isObject(schema["properties"]) || isList(schema["required"])) return "object"
  if (Object.hasOwn(schema, "items") || Object.hasOwn(schema, "prefixItems")) return "array"
  return Object.hasOwn(schema, "minimum") || Object.hasOwn(schema, "maximum") ? "number" : "string"
}

const sizeAt = (schema: Node, keyword: string, otherwise: number): number => {
  const value = schema[keyword]
  return typeof value === "number" ? value : otherwise
}

const numberFor = (schema: Node, unit: number | undefined): number => {
  const step = sizeAt(schema, "multipleOf", unit ?? 1)
  const above = Math.max(sizeAt(schema, "minimum", -Infinity), sizeAt(schema, "exclusiveMinimum", -Infinity))
  const below = Math.min(sizeAt(schema, "maximum", Infinity), sizeAt(schema, "exclusiveMaximum", Infinity))
  if (above <= 1 && below >= 1 && step === 1) return 1
  const lowest = above === -Infinity ? Math.min(0, below) : above
  const aligned = Math.ceil(lowest / step) * step
  return aligned === schema["exclusiveMinimum"] ? aligned + step : Math.min(aligned, Math.max(below, lowest))
}

const stringFor = (schema: Node, plain: string): string | undefined => {
  const { format, pattern } = schema
  const length = sizeAt(schema, "minLength", 0)
  if (isText(pattern)) return textFor(pattern, length)
  if (length > most.characters) return undefined
  const text = isText(format) ? (formats.get(format) ?? plain) : plain
  const longest = sizeAt(schema, "maxLength", text.length)
  return (longest < text.length ? plain.slice(0, longest) : text).padEnd(length, "a")
}

const formats: ReadonlyMap<string, string> = new Map([
  ["date", "2030-01-31"],
  ["date-time", "2030-01-31T12:00:00Z"],
  ["duration", "P1D"],
  ["email", "a@example.com"],
  ["hostname", "example.com"],
  ["ipv4", "192.0.2.1"],
  ["ipv6", "2001:db8::1"],
  ["time", "12:00:00Z"],
  ["uri", "https://example.com/"],
  ["uuid", "01234567-89ab-4def-8123-456789abcdef"],
])
