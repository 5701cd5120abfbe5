/** S3. */
import type { LifecycleRule } from "@aws-sdk/client-s3"
import { fixed, type Json, type PropertyCase, type Subject, tagsCase } from "../Subject.ts"
import type { AwsSdk } from "./AwsSdk.ts"

type Case = PropertyCase<AwsSdk>

const encryption = (SSEAlgorithm: string, more: object = {}): Json => ({
  ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm, ...more } }],
})

/** What S3 encrypts with where nothing is set. */
const byDefault = {
  ServerSideEncryptionConfiguration: [
    { BucketKeyEnabled: false, ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
  ],
}

const third: Array<LifecycleRule> = [
  { ID: "other", Status: "Enabled", Filter: { Prefix: "other/" }, Expiration: { Days: 1 } },
]

/** Every step that is compared with what is read. */
const all = (reason: string) => ({ again: reason, change: reason, drift: reason, remove: reason })

const sizes = "does not keep the size of objects in a rule"
const withoutSizes = { moto: { again: sizes, change: sizes, drift: sizes } }
const ignored = { fauxqs: all("answers 200, and does nothing") }

/** One kind of rule, with one of its numbers in two values. */
const lifecycle = (part: string, ruleOf: (days: number) => object, more: Partial<Case> = {}): Case => {
  const valueOf = (days: number) => ({ Rules: [{ Id: "rule", Status: "Enabled", ...ruleOf(days) }] })
  return {
    property: "LifecycleConfiguration",
    part,
    value: valueOf(30),
    changed: valueOf(60),
    drift: ({ s3 }, { nativeId: Bucket }) =>
      s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: third } }),
    ...more,
  }
}

const cases = (name: string): ReadonlyArray<Case> => [
  { property: "BucketName", value: name, changed: `${name}-b`, drift: fixed },
  {
    property: "VersioningConfiguration",
    value: { Status: "Enabled" },
    changed: { Status: "Suspended" },
    drift: ({ s3 }, { nativeId: Bucket }) =>
      s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } }),
    removed: { Status: "Suspended" },
    gaps: ignored,
  },
  {
    property: "BucketEncryption",
    value: encryption("aws:kms", { KMSMasterKeyID: "alias/a" }),
    changed: encryption("aws:kms", { KMSMasterKeyID: "alias/b" }),
    drift: ({ s3 }, { nativeId: Bucket }) => s3.deleteBucketEncryption({ Bucket }),
    removed: byDefault,
    gaps: { ...ignored, moto: { remove: "has no encryption where none is set" } },
  },
  {
    property: "PublicAccessBlockConfiguration",
    value: { BlockPublicAcls: true },
    changed: { BlockPublicPolicy: true },
    drift: ({ s3 }, { nativeId: Bucket }) =>
      s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { IgnorePublicAcls: true } }),
    gaps: ignored,
  },
  lifecycle("Prefix", (days) => ({ Prefix: `${days}/`, ExpirationInDays: 5 })),
  lifecycle("TagFilters", (days) => ({ TagFilters: [{ Key: "age", Value: String(days) }], ExpirationInDays: 5 })),
  lifecycle("ObjectSizeGreaterThan", (days) => ({ ObjectSizeGreaterThan: days, ExpirationInDays: 5 }), {
    gaps: withoutSizes,
  }),
  lifecycle("ObjectSizeLessThan", (days) => ({ ObjectSizeLessThan: days, ExpirationInDays: 5 }), {
    gaps: withoutSizes,
  }),
  lifecycle(
    "several conditions",
    (days) => ({
      Prefix: "old/",
      TagFilters: [
        { Key: "age", Value: String(days) },
        { Key: "kind", Value: "log" },
      ],
      ObjectSizeGreaterThan: days,
      ExpirationInDays: 5,
    }),
    { gaps: withoutSizes },
  ),
  lifecycle("ExpirationInDays", (days) => ({ ExpirationInDays: days })),
  lifecycle("ExpiredObjectDeleteMarker", (days) => ({ Prefix: `${days}/`, ExpiredObjectDeleteMarker: true })),
  lifecycle("Transitions", (days) => ({ Transitions: [{ StorageClass: "GLACIER", TransitionInDays: days }] })),
  lifecycle("NoncurrentVersionExpiration", (days) => ({ NoncurrentVersionExpiration: { NoncurrentDays: days } })),
  lifecycle("NoncurrentVersionTransitions", (days) => ({
    NoncurrentVersionTransitions: [{ StorageClass: "GLACIER", TransitionInDays: days }],
  })),
  lifecycle("AbortIncompleteMultipartUpload", (days) => ({
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
  })),
  tagsCase(
    ({ s3 }, { nativeId: Bucket }) =>
      s3
        .getBucketTagging({ Bucket })
        .then(({ TagSet = [] }) =>
          s3.putBucketTagging({ Bucket, Tagging: { TagSet: [...TagSet, { Key: "other", Value: "hand" }] } }),
        ),
    ignored,
  ),
]

export const S3Bucket: Subject<AwsSdk> = {
  type: "AWS::S3::Bucket",
  required: (name) => ({ BucketName: name }),
  cases,
  delete: ({ s3 }, { nativeId: Bucket }) => s3.deleteBucket({ Bucket }),
  gapsAsWhole: { moto: { drift: "a new bucket has the tags of the deleted one of its name" } },
}

const open = (bucket: string, Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action, Resource: `arn:aws:s3:::${bucket}/*` }],
})

export const S3BucketPolicy: Subject<AwsSdk> = {
  type: "AWS::S3::BucketPolicy",
  others: (name) => [
    { label: "bucket", type: "AWS::S3::Bucket", properties: { BucketName: name } },
    { label: "bucket-b", type: "AWS::S3::Bucket", properties: { BucketName: `${name}-b` } },
  ],
  required: (name) => ({ Bucket: { $ref: "bucket.BucketName" }, PolicyDocument: open(name, "s3:GetObject") }),
  cases: (name) => [
    {
      property: "Bucket",
      value: { $ref: "bucket.BucketName" },
      changed: { $ref: "bucket-b.BucketName" },
      drift: fixed,
    },
    {
      property: "PolicyDocument",
      value: open(name, "s3:GetObject"),
      changed: open(name, "s3:PutObject"),
      drift: ({ s3 }, { nativeId: Bucket }) =>
        s3.putBucketPolicy({ Bucket, Policy: JSON.stringify(open(name, "s3:*")) }),
    },
  ],
  delete: ({ s3 }, { nativeId: Bucket }) => s3.deleteBucketPolicy({ Bucket }),
  gaps: { fauxqs: { apply: "answers 200, and keeps no policy" } },
}
