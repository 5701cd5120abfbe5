/** AWS::S3::Bucket. Its native id is its name. */
import type { BucketLocationConstraint, S3 } from "@aws-sdk/client-s3"
import { ofMade, Patch, Property, type ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Service } from "../AwsClients.ts"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { errorName } from "../ErrorCodes.ts"
import { type PageRequest, within } from "../Listing.ts"
import * as Tags from "../Tags.ts"
import { partitionOf, type Target } from "../Target.ts"
import { configurationOf, configure, fields, isEmpty } from "./S3Configuration.ts"

export const BucketName = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u, { message: "Expected a bucket name" }),
)

const properties = Schema.Struct({
  BucketName: Property.createOnly(BucketName),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  ...fields,
  Arn: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ ask, target }: At<S3>, Bucket: string) {
  // First, and by itself: an S3 of another make knows whether there is a bucket by its tags alone.
  const tags = yield* tagsOf(ask, Bucket)
  const configuration = yield* configurationOf(ask, Bucket)
  const Arn = `arn:${partitionOf(target)}:s3:::${Bucket}`
  return {
    nativeId: Bucket,
    tags,
    properties: returned({ BucketName: Bucket, Arn, Tags: tags && Tags.visible(tags), ...configuration }),
  }
})

/** Undefined where an S3 of another make answers without a tag set. AWS has an error for one that is not there. */
const tagsOf = (s3: Service<S3>, Bucket: string): Effect.Effect<Tags.Tags | undefined, ProviderError> =>
  s3((client, options) => client.getBucketTagging({ Bucket }, options).catch(emptyWithoutTagSet)).pipe(
    Effect.map(({ TagSet }) => TagSet && Tags.fromService(TagSet)),
  )

const emptyWithoutTagSet = (error: unknown) =>
  errorName(error) === "NoSuchTagSet" ? { TagSet: [] } : Promise.reject(error)

const createTagged = Effect.fnUntraced(function* (
  s3: Service<S3>,
  { region }: Target,
  Bucket: string,
  tags: Array<Tags.Tag>,
) {
  // The bucket and its tags are made in one step, so that none is ever there without its operation.
  const configuration = { Tags: tags, ...(isLocation(region) ? { LocationConstraint: region } : {}) }
  yield* s3((client, options) => client.createBucket({ Bucket, CreateBucketConfiguration: configuration }, options))
  // An S3 of another make may have passed over them.
  yield* Effect.flatMap(tagsOf(s3, Bucket), (taken) =>
    taken?.length === 0 ? putTags(s3, Bucket, tags) : Effect.void,
  ).pipe(Effect.mapError(ofMade(Bucket)))
  return Bucket
})

/** Every region is one but the first, which has no name here. Whether there is such a region is for S3 to say. */
const isLocation = (region: string): region is BucketLocationConstraint => region !== "us-east-1"

const putTags = (s3: Service<S3>, Bucket: string, tags: Array<Tags.Tag>) =>
  s3((client, options) => client.putBucketTagging({ Bucket, Tagging: { TagSet: tags } }, options))

/** A page of the buckets of the target's region. */
export const bucketsOf = ({ ask, target }: At<S3>, page: PageRequest) =>
  Effect.map(
    ask((s3, options) =>
      s3.listBuckets(
        { BucketRegion: target.region, MaxBuckets: within(1, 1000, page), ContinuationToken: page.pageToken },
        options,
      ),
    ),
    ({ Buckets, ContinuationToken }) => ({ ids: Buckets?.map(({ Name }) => Name), next: ContinuationToken }),
  )

export const S3Bucket = awsResource({
  type: "AWS::S3::Bucket",
  idempotency: "name",
  properties,
  client: ({ s3 }, target) => s3(target),
  describe,
  find: (_, { properties }) => Effect.succeed(properties.BucketName),
  create: ({ ask, target }, { properties, tags }) => createTagged(ask, target, properties.BucketName, tags),
  isConfigured: isEmpty,
  configure: ({ ask }, bucket, { BucketEncryption, LifecycleConfiguration, ...properties }) =>
    configure(ask, bucket, {
      BucketEncryption,
      LifecycleConfiguration,
      PublicAccessBlockConfiguration: properties.PublicAccessBlockConfiguration,
      VersioningConfiguration: properties.VersioningConfiguration,
    }),
  update: ({ ask }, change) =>
    configure(ask, change.present.nativeId, {
      BucketEncryption: Patch.wanted(change, "BucketEncryption", "none"),
      LifecycleConfiguration: Patch.wanted(change, "LifecycleConfiguration", "none"),
      PublicAccessBlockConfiguration: Patch.wanted(change, "PublicAccessBlockConfiguration", "none"),
      VersioningConfiguration: Patch.wanted(change, "VersioningConfiguration", "none"),
    }),
  replaceTags: ({ ask }, { nativeId: Bucket }, tags) =>
    tags.length > 0
      ? Effect.asVoid(putTags(ask, Bucket, tags))
      : Effect.asVoid(ask((s3, options) => s3.deleteBucketTagging({ Bucket }, options))),
  delete: ({ ask }, Bucket) => ask((s3, options) => s3.deleteBucket({ Bucket }, options)),
  list: bucketsOf,
})
