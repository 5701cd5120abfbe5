/** What a document leaves to others: it is sent with a create, and stays as it is from then on. */
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { ignoredPlaces, type PropertyPlace } from "../forma/IgnoredPlaces.ts"
import type { ExistingResource, WantedResource } from "./Change.ts"

/**
 * What is wanted of a resource that stays, with what it has now at the places
 * that are ignored, so that an update does not change them. What no read returns
 * keeps the value of the document, because nobody knows the present one.
 */
export const withIgnored = (wanted: WantedResource, { actual, row }: ExistingResource): WantedResource => {
  const { capabilities, resource } = wanted
  const places = ignoredPlaces(resource)
  if (places.length === 0 || actual === undefined || row.type !== resource.type) return wanted
  const properties = places.reduce((kept: Properties, place) => {
    const [name = ""] = place
    const traits = ownValue(capabilities.properties, name)
    const isHidden = ownValue(actual, name) === undefined && (traits?.writeOnly === true || traits?.opaque === true)
    const changed = isHidden ? kept : replacedAt(kept, place, actual)
    return isRecord(changed) ? changed : kept
  }, resource.properties ?? {})
  return { ...wanted, resource: { ...resource, properties } }
}

type Json = Schema.Json

/** A value with what another one has at a place, where it has something there itself. */
const replacedAt = (value: Json, [token, ...inside]: PropertyPlace, other: Json | undefined): Json | undefined => {
  if (token === undefined) return other
  const otherInside = isRecord(other) ? ownValue(other, token) : Array.isArray(other) ? other[Number(token)] : undefined
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, index): ReadonlyArray<Json> => {
      if (String(index) !== token) return [item]
      const changed = replacedAt(item, inside, otherInside)
      return changed === undefined ? [] : [changed]
    })
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): ReadonlyArray<readonly [string, Json]> => {
      if (key !== token) return [[key, item]]
      const changed = replacedAt(item, inside, otherInside)
      return changed === undefined ? [] : [[key, changed]]
    }),
  )
}
