/** The places in the properties of a resource that a document leaves to others. */
import { tokensOf } from "../../protocol/PathTree.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import type { FormaIssue, FormaResource } from "./FormaDocument.ts"

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
  { ignore = [], type }: FormaResource,
  { properties }: TypeCapabilities,
  at: FormaIssue["path"],
): ReadonlyArray<FormaIssue> => {
  const isGiven = (name: string) => ownValue(properties, name)?.output === false
  return ignore.flatMap((one, index) => {
    const [name = ""] = placeOf(one)
    if (isGiven(name)) return []
    const known = Object.keys(properties).filter(isGiven).join(", ")
    const message = `${type} has no property ${name} that could be ignored; it takes: ${known}`
    return [{ path: [...at, "ignore", index], message }]
  })
}
