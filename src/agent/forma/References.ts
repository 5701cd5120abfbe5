/** References: `{ $ref: label.Property }` stands for a property of another resource, and so does `${label.Property}` in a text. */
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { fillExpressions, type OnExpression, reservedWords } from "./Expression.ts"
import type { TextPart } from "./TextTemplate.ts"

/** A reference, and where it is in the properties. */
export interface Reference {
  readonly label: string
  /** The property of the resource, then the path into it. */
  readonly property: ReadonlyArray<string>
  readonly at: ReadonlyArray<string | number>
  /** Whether its value becomes a part of a text. */
  readonly inText?: true
}

/** What stands for the value of something else than a resource, such as `target.aws.accountId`. */
export interface ReservedReference {
  /** Its first name, such as `target`. */
  readonly word: string
  readonly names: ReadonlyArray<string>
  readonly at: ReadonlyArray<string | number>
  /** Whether its value becomes a part of a text. */
  readonly inText?: true
}

/** What cannot be read, and why. */
export interface BadReference {
  readonly at: ReadonlyArray<string | number>
  readonly reason: string
}

type Found = Reference | ReservedReference | BadReference

/** All references in a value, in their order. */
export const findReferences = (value: Schema.Json, at: ReadonlyArray<string | number> = []): ReadonlyArray<Found> => {
  const all: Array<Found> = []
  fillExpressions(
    value,
    (found, place) => {
      switch (found._tag) {
        case "Reference":
          all.push({ label: found.label, property: found.property, at: place })
          break
        case "Text":
          all.push(...found.parts.flatMap((part) => referencesIn(part, place)))
          break
        case "Output":
          all.push({ word: "output", names: found.names, at: place })
          break
        case "Bad":
          all.push({ at: place, reason: found.reason })
          break
      }
      return null
    },
    at,
  )
  return all
}

const referencesIn = (part: TextPart, at: ReadonlyArray<string | number>): ReadonlyArray<Found> => {
  if (part._tag === "Literal") return []
  const [first, ...rest] = part.path
  return [
    reservedWords.has(first)
      ? { word: first, names: rest, at, inText: true }
      : { label: first, property: rest, at, inText: true },
  ]
}

export const isReference = (found: Found): found is Reference => "label" in found

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

/** A value that is known, and cannot be a part of a text. */
export interface UnfitValue {
  /** Where the text is, from the name of the property on. */
  readonly place: ReadonlyArray<string>
  /** What is wrong, as a sentence without the value. */
  readonly message: string
}

export interface Resolution {
  /**
   * The properties with their references replaced by values. Those with an
   * unknown value that nothing stands in for are left out.
   */
  readonly properties: Properties
  /** The names of the properties with an unknown value. */
  readonly unknown: ReadonlySet<string>
  /** Where the unknown values are, from the name of the property on. A text is unknown as a whole. */
  readonly unknownPlaces: ReadonlyArray<ReadonlyArray<string>>
  /** The values that do not fit into their texts, which are unknown as long as this is so. */
  readonly unfit: ReadonlyArray<UnfitValue>
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
  const unfit: Array<UnfitValue> = []
  const known = (found: Parameters<OnExpression>[0], place: ReadonlyArray<string>): Schema.Json | undefined => {
    switch (found._tag) {
      case "Reference":
        return lookup(found.label, found.property)
      case "Text":
        return joinText(found.parts, lookup, (message) => unfit.push({ place, message }))
      case "Output":
      case "Bad":
        return undefined
    }
  }
  const valueOf: OnExpression = (found, at) => {
    const place = at.map(String)
    const value = known(found, place)
    if (value !== undefined) return value
    unknownPlaces.push(place)
    return standIn(place)
  }
  const filled = Object.entries(properties).map(
    ([name, value]) => [name, fillExpressions(value, valueOf, [name])] as const,
  )
  return {
    properties: Object.fromEntries(filled.filter((entry): entry is [string, Schema.Json] => entry[1] !== undefined)),
    unknown: new Set(unknownPlaces.map(([name = ""]) => name)),
    unknownPlaces,
    unfit,
  }
}

/** The text with the values of its references. Undefined while one of them is not known, or does not fit. */
const joinText = (
  parts: ReadonlyArray<TextPart>,
  lookup: Lookup,
  isUnfit: (message: string) => void,
): string | undefined => {
  let text: string | undefined = ""
  for (const part of parts) {
    const value = part._tag === "Literal" ? part.text : valueOfPart(part.path, lookup)
    const fits = typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    if (!fits && value !== undefined && part._tag === "Value") isUnfit(unfitMessage(part.path, kindOf(value)))
    text = fits && text !== undefined ? text + String(value) : undefined
  }
  return text
}

const valueOfPart = ([label, ...property]: readonly [string, ...ReadonlyArray<string>], lookup: Lookup) =>
  reservedWords.has(label) ? undefined : lookup(label, property)

const kindOf = (value: Schema.Json): string => (value === null ? "null" : Array.isArray(value) ? "a list" : "an object")

/** Why a value cannot be a part of a text. */
export const unfitMessage = (path: ReadonlyArray<string>, kind: string): string =>
  `\${${path.join(".")}} is ${kind}, and only a string, a number or a boolean can be a part of a text; refer to a value inside it, or use $ref`

/** The value at a path into properties, or undefined. */
export const valueAt = (properties: Properties, path: ReadonlyArray<string>): Schema.Json | undefined => {
  let value: Schema.Json | undefined = properties
  for (const key of path) {
    if (value === undefined || !isRecord(value)) return undefined
    value = ownValue(value, key)
  }
  return value
}
