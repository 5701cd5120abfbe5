/** AWS::S3::BucketPolicy. Its native id is the name of its bucket, which has at most one policy. Policies have no tags. */
import type { S3 } from "@aws-sdk/client-s3"
import { hasCode, Patch, Property, ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { fromText, PolicyDocument, toText } from "../PolicyDocument.ts"
import { BucketName, bucketsOf } from "./S3Bucket.ts"

const properties = Schema.Struct({ Bucket: Property.createOnly(BucketName), PolicyDocument })

const describe = Effect.fnUntraced(function* ({ call }: Connection<S3>, Bucket: string) {
  const { Policy } = yield* call((s3, options) => s3.getBucketPolicy({ Bucket }, options))
  if (Policy === undefined) return yield* ProviderError.of("NotFound", `S3: the bucket ${Bucket} has no policy`)
  const document = yield* fromText(Policy)
  return { nativeId: Bucket, tags: undefined, document, properties: { Bucket, PolicyDocument: document } }
})

const put = ({ call }: Connection<S3>, Bucket: string, document: PolicyDocument) =>
  call((s3, options) => s3.putBucketPolicy({ Bucket, Policy: toText(document) }, options))

export const S3BucketPolicy = awsResource({
  type: "AWS::S3::BucketPolicy",
  idempotency: "name",
  properties,
  scope: "partition",
  identify: (_, { Bucket }) => Effect.succeed(Bucket),
  client: ({ s3 }, target) => s3(target),
  describe,
  find: (_, { properties }) => Effect.succeed(properties.Bucket),
  // If the same policy is there already, it does not matter who put it there.
  isOwn: ({ document }, { properties }) => Equal.equals(document, properties.PolicyDocument),
  create: (connection, { properties }) =>
    Effect.as(put(connection, properties.Bucket, properties.PolicyDocument), properties.Bucket),
  // A put would make a policy that was deleted meanwhile.
  update: (connection, { desired, nativeId, patch, present }) =>
    Patch.isChanged(patch, "PolicyDocument")
      ? Effect.andThen(present, put(connection, nativeId, desired.PolicyDocument))
      : Effect.void,
  delete: ({ call }, Bucket) => call((s3, options) => s3.deleteBucketPolicy({ Bucket }, options)),
  // S3 lists buckets, but not their policies.
  list: Effect.fnUntraced(function* (connection, page) {
    const { ids = [], next } = yield* bucketsOf(connection, page)
    const named = yield* Effect.forEach(ids, (id = "") => ifItHasPolicy(connection, id), { concurrency: 8 })
    return { ids: named, next }
  }),
})

/** The bucket, or undefined if it has no policy. */
const ifItHasPolicy = (connection: Connection<S3>, bucket: string) =>
  describe(connection, bucket).pipe(
    Effect.as(bucket),
    Effect.catchIf(hasCode("NotFound"), () => Effect.undefined),
  )
