/** AWS::S3::Bucket. Its native id is its name. */
import type { BucketLocationConstraint, S3 } from "@aws-sdk/client-s3"
import { withNativeId, Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Service } from "../AwsClients.ts"
import { awsResource } from "../awsResource.ts"
import type { Wanted } from "../AwsResourceSpec.ts"
import type { Connection } from "../Connection.ts"
import { errorName } from "../ErrorCodes.ts"
import { clampPageSize, type PageRequest } from "../Listing.ts"
import * as Tags from "../Tags.ts"
import { partitionOf } from "../Target.ts"
import { configurationOf, configure, fields, isEmpty } from "./S3Configuration.ts"

export const BucketName = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u, { message: "Expected a bucket name" }),
)

const properties = Schema.Struct({
  BucketName: Property.named({
    letters: "lower",
    separator: "-",
    maxLength: 63,
    reserved: ["sthree-", "amzn-s3-demo-"],
  })(BucketName),
  Tags: Tags.property,
  ...fields,
  Arn: Property.output(Schema.String),
})
type Bucket = typeof properties.Type

const describe = Effect.fnUntraced(function* (
  { call, keys, target }: Connection<S3>,
  Bucket: string,
  knownTags?: Tags.Tags,
) {
  // First and alone: some S3-compatible services report a missing bucket only in this call.
  const tags = knownTags ?? (yield* tagsOf(call, Bucket))
  const configuration = yield* configurationOf(call, Bucket)
  const Arn = `arn:${partitionOf(target)}:s3:::${Bucket}`
  return {
    nativeId: Bucket,
    tags,
    properties: returned({ BucketName: Bucket, Arn, Tags: tags && Tags.visible(tags, keys), ...configuration }),
  }
})

/** Undefined if an S3-compatible service answers without a tag set. AWS answers with an error if there is none. */
const tagsOf = (s3: Service<S3>, Bucket: string): Effect.Effect<Tags.Tags | undefined, ProviderError> =>
  s3((client, options) => client.getBucketTagging({ Bucket }, options).catch(emptyWithoutTagSet)).pipe(
    Effect.map(({ TagSet }) => TagSet && Tags.fromService(TagSet)),
  )

const emptyWithoutTagSet = (error: unknown) =>
  errorName(error) === "NoSuchTagSet" ? { TagSet: [] } : Promise.reject(error)

const createTagged = Effect.fnUntraced(function* (
  { call: s3, keys, target: { region } }: Connection<S3>,
  { operationId, properties: { BucketName: Bucket }, tags }: Wanted<Bucket> & { readonly tags: Array<Tags.Tag> },
): Effect.fn.Return<string, ProviderError> {
  // The bucket and its tags are created in one step, so that no bucket ever exists without its operation's tag.
  const configuration = { Tags: tags, ...(isLocation(region) ? { LocationConstraint: region } : {}) }
  yield* s3((client, options) => client.createBucket({ Bucket, CreateBucketConfiguration: configuration }, options))
  // S3-compatible services may have ignored the tags.
  const created = yield* Effect.mapError(tagsOf(s3, Bucket), withNativeId(Bucket))
  if (created?.length === 0) yield* Effect.mapError(putTags(s3, Bucket, tags), withNativeId(Bucket))
  // In its first region, S3 answers as if it had created a bucket that this account already has.
  if (!Tags.hasCreator(created, keys) || Tags.isMadeBy(created, operationId, keys)) return Bucket
  return yield* ProviderError.of("AlreadyExists", `S3: another operation has created the bucket ${Bucket}`)
})

/** Every region is a location except the first one, us-east-1. S3 itself checks whether the region exists. */
const isLocation = (region: string): region is BucketLocationConstraint => region !== "us-east-1"

const putTags = (s3: Service<S3>, Bucket: string, tags: Array<Tags.Tag>) =>
  s3((client, options) => client.putBucketTagging({ Bucket, Tagging: { TagSet: tags } }, options))

/** A page of the buckets in the target's region. */
export const bucketsOf = ({ call, target }: Connection<S3>, page: PageRequest) =>
  Effect.map(
    call((s3, options) =>
      s3.listBuckets(
        { BucketRegion: target.region, MaxBuckets: clampPageSize(1, 1000, page), ContinuationToken: page.pageToken },
        options,
      ),
    ),
    ({ Buckets, ContinuationToken }) => ({ ids: Buckets?.map(({ Name }) => Name), next: ContinuationToken }),
  )

export const S3Bucket = awsResource({
  type: "AWS::S3::Bucket",
  idempotency: "name",
  properties,
  scope: "partition",
  identify: (_, { BucketName }) => Effect.succeed(BucketName),
  client: ({ s3 }, target) => s3(target),
  describe,
  find: (_, { properties }) => Effect.succeed(properties.BucketName),
  checksOwner: true,
  create: createTagged,
  isConfigured: isEmpty,
  configure: ({ call }, bucket, { BucketEncryption, LifecycleConfiguration, ...properties }) =>
    configure(call, bucket, {
      BucketEncryption,
      LifecycleConfiguration,
      PublicAccessBlockConfiguration: properties.PublicAccessBlockConfiguration,
      VersioningConfiguration: properties.VersioningConfiguration,
    }),
  update: ({ call }, change) =>
    configure(call, change.nativeId, {
      BucketEncryption: Patch.wanted(change, "BucketEncryption", "none"),
      LifecycleConfiguration: Patch.wanted(change, "LifecycleConfiguration", "none"),
      PublicAccessBlockConfiguration: Patch.wanted(change, "PublicAccessBlockConfiguration", "none"),
      VersioningConfiguration: Patch.wanted(change, "VersioningConfiguration", "none"),
    }),
  listTags: ({ call }, Bucket) => tagsOf(call, Bucket),
  replaceTags: ({ call }, { nativeId: Bucket }, tags) =>
    tags.length > 0
      ? Effect.asVoid(putTags(call, Bucket, tags))
      : Effect.asVoid(call((s3, options) => s3.deleteBucketTagging({ Bucket }, options))),
  delete: ({ call }, Bucket) => call((s3, options) => s3.deleteBucket({ Bucket }, options)),
  list: bucketsOf,
})
