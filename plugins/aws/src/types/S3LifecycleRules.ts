/** The lifecycle rules of a bucket: flat in a document, nested in S3. */
import { Property, returned } from "formae/plugin"
import type { LifecycleRule, LifecycleRuleFilter, TransitionStorageClass } from "@aws-sdk/client-s3"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"

const Days = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Bytes = Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)))
const StorageClass = Schema.Literals([
  "DEEP_ARCHIVE",
  "GLACIER",
  "GLACIER_IR",
  "INTELLIGENT_TIERING",
  "ONEZONE_IA",
  "STANDARD_IA",
])

export const Rule = Schema.Struct({
  Id: Schema.optionalKey(Schema.NonEmptyString),
  Status: Schema.Literals(["Enabled", "Disabled"]),
  Prefix: Schema.optionalKey(Schema.NonEmptyString),
  TagFilters: Schema.optionalKey(
    Schema.Array(Schema.Struct({ Key: Schema.NonEmptyString, Value: Schema.String })),
  ).pipe(Property.distinct, Property.absentWhenEmpty),
  ObjectSizeGreaterThan: Bytes,
  ObjectSizeLessThan: Bytes,
  ExpirationInDays: Schema.optionalKey(Days),
  ExpiredObjectDeleteMarker: Schema.optionalKey(Schema.Boolean),
  Transitions: Schema.optionalKey(Schema.Array(Schema.Struct({ StorageClass, TransitionInDays: Days }))).pipe(
    Property.unordered,
    Property.absentWhenEmpty,
  ),
  NoncurrentVersionExpiration: Schema.optionalKey(
    Schema.Struct({ NoncurrentDays: Days, NewerNoncurrentVersions: Schema.optionalKey(Days) }),
  ),
  NoncurrentVersionTransitions: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({ StorageClass, TransitionInDays: Days, NewerNoncurrentVersions: Schema.optionalKey(Days) }),
    ),
  ).pipe(Property.unordered, Property.absentWhenEmpty),
  AbortIncompleteMultipartUpload: Schema.optionalKey(Schema.Struct({ DaysAfterInitiation: Days })),
})
type Rule = typeof Rule.Type

/** S3 expects several conditions under `And`, but a single one by itself. No condition is the empty prefix. */
const toFilter = ({
  ObjectSizeGreaterThan,
  ObjectSizeLessThan,
  Prefix,
  TagFilters = [],
}: Rule): LifecycleRuleFilter => {
  const conditions = Record.filter({ Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan }, Predicate.isNotUndefined)
  const count = Object.keys(conditions).length + TagFilters.length
  if (count === 0) return { Prefix: "" }
  const [Tag] = TagFilters
  if (count > 1) return { And: { ...conditions, ...(Tag === undefined ? {} : { Tags: [...TagFilters] }) } }
  return Tag === undefined ? conditions : { Tag }
}

export const toService = (rule: Rule): LifecycleRule => {
  const { AbortIncompleteMultipartUpload, ExpirationInDays, ExpiredObjectDeleteMarker, NoncurrentVersionExpiration } =
    rule
  const expires = ExpirationInDays !== undefined || ExpiredObjectDeleteMarker !== undefined
  return {
    ID: rule.Id,
    Status: rule.Status,
    Filter: toFilter(rule),
    Expiration: expires ? { Days: ExpirationInDays, ExpiredObjectDeleteMarker } : undefined,
    Transitions: rule.Transitions?.map(({ StorageClass, TransitionInDays: Days }) => ({ StorageClass, Days })),
    NoncurrentVersionExpiration,
    NoncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map(({ TransitionInDays, ...transition }) => ({
      ...transition,
      NoncurrentDays: TransitionInDays,
    })),
    AbortIncompleteMultipartUpload,
  }
}

export const fromService = (rule: LifecycleRule) => {
  const { And, Tag, ...alone } = rule.Filter ?? {}
  const conditions = { ...alone, ...And }
  const tags = And?.Tags ?? (Tag === undefined ? [] : [Tag])
  const prefix = conditions.Prefix ?? rule.Prefix
  return returned({
    Id: rule.ID,
    Status: rule.Status,
    Prefix: prefix === "" ? undefined : prefix,
    TagFilters: tags.length === 0 ? undefined : tags.map(({ Key = "", Value = "" }) => ({ Key, Value })),
    ObjectSizeGreaterThan: conditions.ObjectSizeGreaterThan,
    ObjectSizeLessThan: conditions.ObjectSizeLessThan,
    ExpirationInDays: rule.Expiration?.Days,
    ExpiredObjectDeleteMarker: rule.Expiration?.ExpiredObjectDeleteMarker,
    Transitions: rule.Transitions?.map(({ Days, StorageClass }) => transition(StorageClass, Days)),
    NoncurrentVersionExpiration: rule.NoncurrentVersionExpiration && returned({ ...rule.NoncurrentVersionExpiration }),
    NoncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map(
      ({ NewerNoncurrentVersions, NoncurrentDays, StorageClass }) =>
        returned({ ...transition(StorageClass, NoncurrentDays), NewerNoncurrentVersions }),
    ),
    AbortIncompleteMultipartUpload:
      rule.AbortIncompleteMultipartUpload && returned({ ...rule.AbortIncompleteMultipartUpload }),
  })
}

const transition = (StorageClass: TransitionStorageClass | undefined, TransitionInDays: number | undefined) =>
  returned({ StorageClass, TransitionInDays })
