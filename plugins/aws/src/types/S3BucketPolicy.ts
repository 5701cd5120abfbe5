/** AWS::S3::BucketPolicy. Its native id is the name of the bucket, which has one policy or none, and no tag of it. */
import type { S3 } from "@aws-sdk/client-s3"
import { hasCode, Property, ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { fromText, PolicyDocument, toText } from "../PolicyDocument.ts"
import { BucketName, bucketsOf } from "./S3Bucket.ts"

const properties = Schema.Struct({ Bucket: Property.createOnly(BucketName), PolicyDocument })

const describe = Effect.fnUntraced(function* ({ ask }: At<S3>, Bucket: string) {
  const { Policy } = yield* ask((s3, options) => s3.getBucketPolicy({ Bucket }, options))
  if (Policy === undefined) return yield* ProviderError.of("NotFound", `S3: the bucket ${Bucket} has no policy`)
  const document = yield* fromText(Policy)
  return { nativeId: Bucket, tags: undefined, document, properties: { Bucket, PolicyDocument: document } }
})

const put = ({ ask }: At<S3>, Bucket: string, document: PolicyDocument) =>
  ask((s3, options) => s3.putBucketPolicy({ Bucket, Policy: toText(document) }, options))

export const S3BucketPolicy = awsResource({
  type: "AWS::S3::BucketPolicy",
  idempotency: "name",
  properties,
  client: ({ s3 }, target) => s3(target),
  describe,
  find: (_, { properties }) => Effect.succeed(properties.Bucket),
  // Whoever put this very document there: to put it again changes nothing.
  isOwn: ({ document }, { properties }) => Equal.equals(document, properties.PolicyDocument),
  create: (at, { properties }) => Effect.as(put(at, properties.Bucket, properties.PolicyDocument), properties.Bucket),
  update: (at, { desired, present }) => put(at, present.nativeId, desired.PolicyDocument),
  delete: ({ ask }, Bucket) => ask((s3, options) => s3.deleteBucketPolicy({ Bucket }, options)),
  // S3 lists buckets, and not their policies.
  list: Effect.fnUntraced(function* (at, page) {
    const { ids = [], next } = yield* bucketsOf(at, page)
    const named = yield* Effect.forEach(ids, (id = "") => policed(at, id), { concurrency: 8 })
    return { ids: named, next }
  }),
})

/** The bucket, where it has a policy. */
const policed = (at: At<S3>, bucket: string) =>
  describe(at, bucket).pipe(
    Effect.as(bucket),
    Effect.catchIf(hasCode("NotFound"), () => Effect.undefined),
  )
