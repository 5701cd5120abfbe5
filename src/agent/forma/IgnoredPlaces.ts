/** The places in the properties of a resource that a document leaves to others. */
import { escapeToken } from "effect/JsonPointer"
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import { tokensOf } from "../../protocol/PathTree.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import type { FormaIssue, FormaResource } from "./FormaDocument.ts"
import { knownNames } from "./nearestName.ts"

/** A place in properties: the name of a property, then the path into it. */
export type PropertyPlace = ReadonlyArray<string>

const placeOf = (written: string): PropertyPlace => (written.startsWith("/") ? tokensOf(written) : [written])

/** The places that a document ignores, each written as a name or as a JSON Pointer. */
export const ignoredPlaces = ({ ignore = [] }: Pick<FormaResource, "ignore">): ReadonlyArray<PropertyPlace> =>
  ignore.map(placeOf)

/** Whether a place is one of these, or inside one. */
export const isIgnored = (ignored: ReadonlyArray<PropertyPlace>, place: PropertyPlace): boolean =>
  ignored.some((one) => one.length <= place.length && one.every((token, index) => token === place[index]))

/** What is ignored although the type does not have it, or nobody can give it. */
export const checkIgnored = (
  { ignore = [], properties: given = {}, type }: FormaResource,
  { properties }: TypeCapabilities,
  at: FormaIssue["path"],
): ReadonlyArray<FormaIssue> => {
  const isGiven = (name: string) => ownValue(properties, name)?.output === false
  return ignore.flatMap((one, index) => {
    const place = placeOf(one)
    const [name = ""] = place
    if (isGiven(name)) {
      const list = listAround(given, place)
      if (list === undefined) return []
      const whole = list.length === 1 ? name : pointerTo(list)
      const message = `${one} is inside a list, whose items have no lasting places; ignore the whole of ${whole}`
      return [{ path: [...at, "ignore", index], message }]
    }
    const known = knownNames(name, "properties that it takes", Object.keys(properties).filter(isGiven))
    const message = `${type} has no property ${name} that could be ignored; ${known}`
    return [{ path: [...at, "ignore", index], message }]
  })
}

const pointerTo = (place: PropertyPlace): string => place.map((token) => `/${escapeToken(token)}`).join("")

/** The list that a place leads into. Where the document says nothing there, a number is taken for an index. */
const listAround = (properties: Properties, place: PropertyPlace): PropertyPlace | undefined => {
  let value: Schema.Json | undefined = properties
  for (const [depth, token] of place.entries()) {
    const isIndex = value === undefined && depth > 0 && /^(?:0|[1-9]\d*|-)$/u.test(token)
    if (Array.isArray(value) || isIndex) return place.slice(0, depth)
    value = isRecord(value) ? ownValue(value, token) : undefined
  }
  return undefined
}
