/** Tags in the shape of CloudFormation, including the one by which a repeated create recognizes its own resource. */
import { OperationKeys, Patch, Property, type ProviderError } from "formae/plugin"
import type { OperationId, UpdateRequest } from "formae/protocol"
import * as Arr from "effect/Array"
import type * as Effect from "effect/Effect"
import * as Order from "effect/Order"
import * as Schema from "effect/Schema"
import { ownKey, type TagKeys } from "./TagKeys.ts"

const isOfAws = (key: string): boolean => key.startsWith("aws:")

/** Tags of AWS and our own: users do not set, see or lose them. */
const isHidden = (key: string, { known }: TagKeys): boolean => isOfAws(key) || known.includes(key)

export const Tag = Schema.Struct({
  Key: Schema.NonEmptyString.check(
    Schema.makeFilter(
      (key) =>
        (key !== ownKey && !isOfAws(key)) || `Expected a tag key other than ${ownKey} that does not begin with aws:`,
    ),
  ),
  Value: Schema.String,
})
export type Tag = typeof Tag.Type

export const Tags = Schema.Array(Tag)
export type Tags = typeof Tags.Type

/** Tags as a property of a type. No tags are the same as an empty list. */
export const property = Schema.optionalKey(Tags).pipe(Property.absentWhenEmpty, Property.keyedBy("Key"))

/** A tag as the SDKs return it. */
interface ServiceTag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

export const fromService = (tags: ReadonlyArray<ServiceTag> = []): Tags =>
  tags.map(({ Key = "", Value = "" }) => ({ Key, Value }))

export const fromRecord = (tags: Record<string, string> = {}): Tags =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

export const toRecord = (tags: Tags): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))

/** The tags that a resource is created with. */
export const withOperation = (tags: Tags | undefined, operationId: OperationId, { current }: TagKeys): Array<Tag> => [
  ...(tags ?? []),
  { Key: current, Value: operationId },
]

/** Whether this operation created the resource. Under a key that was chosen later, a tag may be the user's own. */
export const isMadeBy = (tags: Tags | undefined, operationId: OperationId, { known }: TagKeys): boolean =>
  tags?.some(({ Key, Value }) => Value === operationId && known.includes(Key)) === true

/** Whether the tags say which operation created the resource. */
export const hasCreator = (tags: Tags | undefined, { known }: TagKeys): boolean =>
  tags?.some(({ Key }) => known.includes(Key)) === true

/** The user's tags, sorted by key, because services return them in any order. */
export const visible = (tags: Tags, keys: TagKeys): Tags =>
  Arr.sortWith(
    tags.filter(({ Key }) => !isHidden(Key, keys)),
    ({ Key }) => Key,
    Order.String,
  )

export const hidden = (tags: Tags, keys: TagKeys): Tags => tags.filter(({ Key }) => isHidden(Key, keys))

/** Fails if a tag that is wanted has one of our keys, of which the schema knows only the plugin's own. */
export const refuseHidden = (tags: Tags | undefined, keys: TagKeys): Effect.Effect<void, ProviderError> =>
  OperationKeys.refuse(
    (tags ?? []).map(({ Key }) => Key),
    keys,
    (key) =>
      `Tags: ${key} is a key under which formae writes its operation ids, by the settings of the plugin aws: give the tag another key`,
  )

/** The tags that an update asks for, or undefined if it does not change them. */
export const wanted = (request: {
  readonly desired: { readonly Tags?: Tags }
  readonly patch: UpdateRequest["patch"]
}): Tags | undefined => Patch.wanted(request, "Tags", [])

/** Whether an update changes nothing but tags. */
export const isAllOf = (patch: UpdateRequest["patch"]): boolean =>
  patch.every(({ path }) => path === "/Tags" || path.startsWith("/Tags/"))

/** The changes from the present tags to the wanted ones. */
export const changes = (
  present: Tags,
  wanted: Tags,
  keys: TagKeys,
): { readonly put: Array<Tag>; readonly remove: Array<string> } => {
  const now = new Map(present.map(({ Key, Value }) => [Key, Value]))
  const then = new Set(wanted.map(({ Key }) => Key))
  return {
    put: wanted.filter(({ Key, Value }) => now.get(Key) !== Value),
    remove: visible(present, keys).flatMap(({ Key }) => (then.has(Key) ? [] : [Key])),
  }
}
