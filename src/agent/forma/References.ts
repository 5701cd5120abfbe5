/** References: `{ $ref: label.Property }` stands for a property of another resource. */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type { Properties } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"

const refKey = "$ref"

/** A reference, and where it is in the properties. */
export interface Reference {
  readonly label: string
  /** The property of the resource, then the path into it. */
  readonly property: ReadonlyArray<string>
  readonly at: ReadonlyArray<string | number>
}

/** A `$ref` that cannot be read, and why. */
export interface BadReference {
  readonly at: ReadonlyArray<string | number>
  readonly reason: string
}

type Path = ReadonlyArray<string | number>

const isJsonObject = (value: Schema.Json): value is { readonly [key: string]: Schema.Json } =>
  Predicate.isObject(value) && !Array.isArray(value)

const parse = (value: { readonly [key: string]: Schema.Json }, at: Path): Reference | BadReference => {
  const text = value[refKey]
  if (Object.keys(value).length > 1) return { at, reason: `a reference must have the key ${refKey} and no other` }
  if (typeof text !== "string" || !/^[^.]+(\.[^.]+)+$/.test(text)) {
    return { at, reason: `expected a reference such as net.VpcId` }
  }
  const [label = "", ...property] = text.split(".")
  return { label, property, at }
}

/** All references in a value, in their order. */
export const findReferences = (value: Schema.Json, at: Path = []): ReadonlyArray<Reference | BadReference> => {
  if (Array.isArray(value)) return value.flatMap((item: Schema.Json, index) => findReferences(item, [...at, index]))
  if (!isJsonObject(value)) return []
  if (Object.hasOwn(value, refKey)) return [parse(value, at)]
  return Object.entries(value).flatMap(([key, item]) => findReferences(item, [...at, key]))
}

export const isReference = (found: Reference | BadReference): found is Reference => "label" in found

/** The labels that properties refer to, each once. */
export const labelsReferredTo = (properties: Properties): ReadonlyArray<string> => [
  ...new Set(
    findReferences(properties)
      .filter(isReference)
      .map((reference) => reference.label),
  ),
]

/** The value that a reference stands for now, or undefined where it is not known. */
export type Lookup = (label: string, property: ReadonlyArray<string>) => Schema.Json | undefined

export interface Resolution {
  /**
   * The properties with their references replaced by values. Those with an
   * unknown value that nothing stands in for are left out.
   */
  readonly properties: Properties
  /** The names of the properties with an unknown value. */
  readonly unknown: ReadonlySet<string>
  /** Where the unknown values are, from the name of the property on. */
  readonly unknownPlaces: ReadonlyArray<ReadonlyArray<string>>
}

/**
 * Replaces references by the values that they stand for. Where a value is not
 * known, `standIn` may give another one for the place, so that what is around it
 * can be compared.
 */
export const resolveReferences = (
  properties: Properties,
  lookup: Lookup,
  standIn: (place: ReadonlyArray<string>) => Schema.Json | undefined = () => undefined,
): Resolution => {
  const unknownPlaces: Array<ReadonlyArray<string>> = []
  const valueOf: Fill = (found) => {
    const value = isReference(found) ? lookup(found.label, found.property) : undefined
    if (value !== undefined) return value
    const place = found.at.map(String)
    unknownPlaces.push(place)
    return standIn(place)
  }
  const filled = Object.entries(properties).map(([name, value]) => [name, fill(value, valueOf, [name])] as const)
  return {
    properties: Object.fromEntries(filled.filter(isKnown)),
    unknown: new Set(unknownPlaces.map(([name = ""]) => name)),
    unknownPlaces,
  }
}

type Fill = (found: Reference | BadReference) => Schema.Json | undefined

const fill = (value: Schema.Json, valueOf: Fill, at: Path): Schema.Json | undefined => {
  if (Array.isArray(value)) {
    const items = value.map((item: Schema.Json, index) => fill(item, valueOf, [...at, index]))
    return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined)
  }
  if (!isJsonObject(value)) return value
  if (Object.hasOwn(value, refKey)) return valueOf(parse(value, at))
  const filled = Object.entries(value).map(([key, item]) => [key, fill(item, valueOf, [...at, key])] as const)
  // Not by assignment: a key may be `__proto__`.
  return filled.every(isKnown) ? Object.fromEntries(filled) : undefined
}

const isKnown = (entry: readonly [string, Schema.Json | undefined]): entry is readonly [string, Schema.Json] =>
  entry[1] !== undefined

/** The value at a path into properties, or undefined. */
export const valueAt = (properties: Properties, path: ReadonlyArray<string>): Schema.Json | undefined => {
  let value: Schema.Json | undefined = properties
  for (const key of path) {
    if (value === undefined || !isJsonObject(value)) return undefined
    value = ownValue(value, key)
  }
  return value
}
