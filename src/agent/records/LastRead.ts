/** What a sync has read of a resource, beside what is wanted. */
import * as Schema from "effect/Schema"
import { JsonObject } from "../../protocol/JsonObject.ts"

const yes = Schema.optionalKey(Schema.Literal(true))

const place = {
  /** The place, as a JSON Pointer into the properties. */
  path: Schema.String,
  /** What was wanted there last. Left out where nothing was. `{ "secret": true }` stands for a secret. */
  wanted: Schema.optionalKey(Schema.Json),
  /** What the provider has there. Left out where it has nothing. `{ "secret": true }` stands for a secret. */
  found: Schema.optionalKey(Schema.Json),
  /** The values are secret, or may be. */
  secret: yes,
  /** The place cannot be changed: to set it back takes a new resource. */
  createOnly: yes,
}

/** A place in the properties of a resource that is not as it was wanted. */
export class DifferingPlace extends Schema.Opaque<DifferingPlace>()(Schema.Struct(place)) {}

const since = {
  /** When it was first seen to differ, in milliseconds since 1970. */
  since: Schema.Finite,
}

/** An intersection, because a spread would lose the comments. */
const withSince = <Fields>(fields: Fields): Fields & typeof since => ({ ...fields, ...since })

/** A place that differs, and since when. */
export class DriftedPlace extends Schema.Opaque<DriftedPlace>()(Schema.Struct(withSince(place))) {}

/** What was last read of a resource. It holds no secret. */
export class LastRead extends Schema.Opaque<LastRead>()(
  Schema.Struct({
    /** When it was read, in milliseconds since 1970. */
    at: Schema.Finite,
    /** What the provider had. Left out where that was as after the last operation, and where it had nothing. */
    properties: Schema.optionalKey(JsonObject),
    /** Since when it is known that the resource no longer exists, in milliseconds since 1970. */
    goneSince: Schema.optionalKey(Schema.Finite),
    /** The places that differ from what was wanted last. */
    drift: Schema.Array(DriftedPlace),
  }),
) {}

/** What a read has found: properties without secrets, and the places that differ. Undefined where the resource is gone. */
export type FoundNow =
  | {
      /** What the provider has, without secrets. Left out where that is as after the last operation. */
      readonly properties?: Schema.JsonObject
      /** The places that differ from what was wanted last. */
      readonly drift: ReadonlyArray<DifferingPlace>
    }
  | undefined

/** The path of the resource as a whole, which is gone. */
export const wholePath = ""

/** The paths that a read has found to differ. */
export const driftedPaths = (read: LastRead | undefined): ReadonlyArray<string> => {
  if (read === undefined) return []
  return read.goneSince === undefined ? read.drift.map(({ path }) => path) : [wholePath]
}

/** Which places differ since a read, and which do no longer. Undefined where they are the same as before. */
export const driftChange = (
  before: LastRead | undefined,
  now: LastRead,
): { readonly appeared: ReadonlyArray<string>; readonly ended: ReadonlyArray<string> } | undefined => {
  const [were, are] = [driftedPaths(before), driftedPaths(now)]
  const appeared = are.filter((path) => !were.includes(path))
  const ended = were.filter((path) => !are.includes(path))
  return appeared.length + ended.length === 0 ? undefined : { appeared, ended }
}

/** Whether a read has found that something is not as it was wanted. */
export const hasDrift = (read: LastRead | undefined): boolean => driftedPaths(read).length > 0

/** What was read now, with the times at which each difference was first seen. */
export const lastReadAfter = (before: LastRead | undefined, found: FoundNow, at: number): LastRead => {
  // A clock that was ahead has stored a time that has not come.
  const first = (stored: number | undefined): number => Math.min(stored ?? at, at)
  if (found === undefined) return { at, goneSince: first(before?.goneSince), drift: [] }
  const known = new Map(before?.drift.map((one) => [one.path, one.since]))
  return {
    at,
    ...(found.properties === undefined ? {} : { properties: found.properties }),
    drift: found.drift.map((one) => ({ ...one, since: first(known.get(one.path)) })),
  }
}
