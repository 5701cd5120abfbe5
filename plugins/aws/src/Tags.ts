/** Tags in the shape of CloudFormation, including the one by which a repeated create recognizes its own resource. */
import { Patch, Property } from "formae/plugin"
import type { OperationId, UpdateRequest } from "formae/protocol"
import * as Arr from "effect/Array"
import * as Order from "effect/Order"
import * as Schema from "effect/Schema"

/** The key of the tag that names the operation that created the resource. */
export const operationKey = "formae:operation-id"

/** Tags of AWS and our own: users do not set, see or lose them. */
const isHidden = (key: string): boolean => key.startsWith("aws:") || key === operationKey

export const Tag = Schema.Struct({
  Key: Schema.NonEmptyString.check(
    Schema.makeFilter(
      (key) => !isHidden(key) || `Expected a tag key other than ${operationKey} that does not begin with aws:`,
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
export const withOperation = (tags: Tags | undefined, operationId: OperationId): Array<Tag> => [
  ...(tags ?? []),
  { Key: operationKey, Value: operationId },
]

/** The operation that created the resource, if it was one of ours. */
export const creatorOf = (tags: Tags | undefined): string | undefined =>
  tags?.find(({ Key }) => Key === operationKey)?.Value

/** The user's tags, sorted by key, because services return them in any order. */
export const visible = (tags: Tags): Tags =>
  Arr.sortWith(
    tags.filter(({ Key }) => !isHidden(Key)),
    ({ Key }) => Key,
    Order.String,
  )

export const hidden = (tags: Tags): Tags => tags.filter(({ Key }) => isHidden(Key))

/** The tags that an update asks for, or undefined if it does not change them. */
export const wanted = (request: {
  readonly desired: { readonly Tags?: Tags }
  readonly patch: UpdateRequest["patch"]
}): Tags | undefined => Patch.wanted(request, "Tags", [])

/** Whether an update changes nothing but tags. */
export const isAllOf = (patch: UpdateRequest["patch"]): boolean =>
  patch.every(({ path }) => path === "/Tags" || path.startsWith("/Tags/"))

/** The changes from the present tags to the wanted ones. */
export const changes = (present: Tags, wanted: Tags): { readonly put: Array<Tag>; readonly remove: Array<string> } => {
  const now = new Map(present.map(({ Key, Value }) => [Key, Value]))
  const then = new Set(wanted.map(({ Key }) => Key))
  return {
    put: wanted.filter(({ Key, Value }) => now.get(Key) !== Value),
    remove: visible(present).flatMap(({ Key }) => (then.has(Key) ? [] : [Key])),
  }
}
