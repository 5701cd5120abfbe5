/** What a document leaves to others: it is sent with a create, and stays as it is from then on. */
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import type { FormaIssue, FormaResource } from "../forma/FormaDocument.ts"
import { literalOf } from "../forma/Expression.ts"
import { ignoredPlaces, type PropertyPlace } from "../forma/IgnoredPlaces.ts"
import type { Change, ExistingResource, WantedResource } from "./Change.ts"

/**
 * What is wanted of a resource that stays, with what it has now at the places
 * that are ignored, so that an update does not change them, whether the document
 * says something there or not. What no read returns keeps the value of the
 * document, because nobody knows the present one.
 */
export const withIgnored = (wanted: WantedResource, { actual, row }: ExistingResource): WantedResource => {
  const { resource } = wanted
  if (actual === undefined || row.type !== resource.type) return wanted
  const given = resource.properties ?? {}
  const properties = keepIgnored(given, actual, wanted, literalOf)
  return properties === given ? wanted : { ...wanted, resource: { ...resource, properties } }
}

/** Properties with what was read at the places that a document ignores. Where they may still have references, `asRead` marks what is none. */
export const keepIgnored = (
  properties: Properties,
  actual: Properties,
  { capabilities, resource }: WantedResource,
  asRead: (value: Json) => Json = (value) => value,
): Properties =>
  ignoredPlaces(resource).reduce((kept: Properties, place) => {
    if (isHiddenPlace(place, actual, capabilities)) return kept
    const changed = keptAt(kept, place, actual, asRead)
    return isRecord(changed) ? changed : kept
  }, properties)

/** Whether nobody knows what is at a place now: no read returns it. */
const isHiddenPlace = (
  [name = ""]: PropertyPlace,
  actual: Properties,
  { properties }: Pick<TypeCapabilities, "properties">,
): boolean => {
  const traits = ownValue(properties, name)
  return ownValue(actual, name) === undefined && (traits?.writeOnly === true || traits?.opaque === true)
}

/** Why an update must not be sent: it has to state what the document leaves to others, and nobody can read that. */
export const objectionToUpdate = (
  { capabilities, resource }: WantedResource,
  actual: Properties | undefined,
  changed: ReadonlyArray<string>,
): string | undefined => {
  const hidden = ignoredPlaces(resource).filter(
    ([name = ""], index, all) =>
      Object.hasOwn(resource.properties ?? {}, name) &&
      all.findIndex(([other]) => other === name) === index &&
      isHiddenPlace([name], actual ?? {}, capabilities),
  )
  const names = hidden.map(([name]) => name).join(", ")
  return hidden.length === 0
    ? undefined
    : `${changed.join(", ")} cannot be changed while ${names} is ignored: ${names} cannot be read, so the update would set it back to what the document says. Put the present value into the document and take ${names} out of ignore for this apply, or leave ${changed.join(", ")} as it is`
}

/** The updates of a plan that would set back what their document ignores. */
export const ignoredIssues = (
  resources: ReadonlyArray<FormaResource>,
  changes: ReadonlyArray<Change>,
): ReadonlyArray<FormaIssue> =>
  changes.flatMap(({ changed, existing, label, operation, wanted }) => {
    if (operation !== "update" || wanted === undefined) return []
    const message = objectionToUpdate(wanted, existing?.actual, changed)
    const index = resources.findIndex((one) => one.label === label)
    return message === undefined ? [] : [{ path: ["resources", index, "ignore"], message }]
  })

type Json = Schema.Json

/** What stands for a value, such as a reference, has nothing inside it. */
const isExpression = (value: Schema.JsonObject): boolean => Object.keys(value).some((key) => key.startsWith("$"))

/** A value with what another one has at a place. Items of arrays have no places: they move. */
const keptAt = (
  value: Json | undefined,
  [token, ...inside]: PropertyPlace,
  other: Json | undefined,
  asRead: (value: Json) => Json,
): Json | undefined => {
  if (token === undefined) return other === undefined ? undefined : asRead(other)
  const isThere = isRecord(value) && !isExpression(value)
  if (value !== undefined && !isThere) return value
  const present = isRecord(other) ? ownValue(other, token) : undefined
  const before = isThere ? ownValue(value, token) : undefined
  const after = keptAt(before, inside, present, asRead)
  if (after === before) return value
  const { [token]: _, ...rest } = isThere ? value : {}
  return after === undefined ? rest : { ...rest, [token]: after }
}
