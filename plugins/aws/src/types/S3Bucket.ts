/** AWS::S3::Bucket. Its native id is its name. */
import type { BucketLocationConstraint, S3 } from "@aws-sdk/client-s3"
import { Answer, defineResource, Property, type ProviderError } from "formae/plugin"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { acceptedWork } from "../AcceptedWork.ts"
import { AwsClients, type Service } from "../AwsClients.ts"
import { errorName } from "../errorCodes.ts"
import { createOnce, type Described, ofMade } from "../Ownership.ts"
import { isRemoved } from "../Patch.ts"
import { returned } from "../Returned.ts"
import * as Tags from "../Tags.ts"
import { partitionOf, Target } from "../Target.ts"

const VersioningStatus = Schema.Literals(["Enabled", "Suspended"])

const properties = Schema.Struct({
  BucketName: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/u, { message: "Expected a bucket name" })),
  ),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  VersioningConfiguration: Schema.optionalKey(Schema.Struct({ Status: VersioningStatus })),
  Arn: Property.output(Schema.String),
})

/** A new bucket is there before its versioning is set: the rest of the work has the native id by then. */
const versioningWork = acceptedWork(
  Schema.fromJsonString(Schema.Struct({ bucket: Schema.String, versioning: VersioningStatus })),
)

export const S3Bucket = defineResource({
  type: "AWS::S3::Bucket",
  properties,
  target: Target,
  idempotency: "name",
  create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const s3 = (yield* AwsClients).s3(target)
    const Bucket = properties.BucketName
    const described = yield* createOnce({
      subject: `The bucket ${Bucket}`,
      operationId,
      find: describe(s3, target, Bucket),
      create: createTagged(s3, target, Bucket, Tags.withOperation(properties.Tags, operationId)),
      describe: (bucket) => describe(s3, target, bucket),
    })
    const versioning = properties.VersioningConfiguration?.Status
    if (versioning === undefined) return Answer.succeeded(described)
    return Answer.inProgress({
      requestId: yield* versioningWork.write({ bucket: Bucket, versioning }),
      nativeId: Bucket,
    })
  }),
  status: Effect.fnUntraced(function* ({ requestId, target }) {
    const s3 = (yield* AwsClients).s3(target)
    const { bucket, versioning } = yield* versioningWork.read(requestId)
    yield* putVersioning(s3, bucket, versioning)
    return Answer.succeeded(yield* describe(s3, target, bucket))
  }),
  read: Effect.fnUntraced(function* ({ nativeId, target }) {
    return (yield* describe((yield* AwsClients).s3(target), target, nativeId)).properties
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId, patch, target }) {
    const s3 = (yield* AwsClients).s3(target)
    // What was versioned once can not be made unversioned again.
    const removed = isRemoved(patch, "VersioningConfiguration") ? ("Suspended" as const) : undefined
    const versioning = desired.VersioningConfiguration?.Status ?? removed
    if (versioning !== undefined) yield* putVersioning(s3, nativeId, versioning)
    const tags = Tags.wanted({ desired, patch })
    if (tags !== undefined) yield* replaceTags(s3, nativeId, tags)
    return Answer.succeeded(yield* describe(s3, target, nativeId))
  }),
  delete: Effect.fnUntraced(function* ({ nativeId, target }) {
    const s3 = (yield* AwsClients).s3(target)
    yield* s3((client, options) => client.deleteBucket({ Bucket: nativeId }, options))
    return Answer.deleted(nativeId)
  }),
  list: Effect.fnUntraced(function* ({ pageSize, pageToken, target }) {
    const s3 = (yield* AwsClients).s3(target)
    const page = yield* s3((client, options) =>
      client.listBuckets(
        { BucketRegion: target.region, MaxBuckets: pageSize ?? 1000, ContinuationToken: pageToken },
        options,
      ),
    )
    const nativeIds = (page.Buckets ?? []).flatMap(({ Name }) => (Name === undefined ? [] : [NativeId.make(Name)]))
    return page.ContinuationToken === undefined ? { nativeIds } : { nativeIds, nextPageToken: page.ContinuationToken }
  }),
})

const describe = (s3: Service<S3>, target: Target, Bucket: string): Effect.Effect<Described, ProviderError> =>
  Effect.all(
    { tags: tagsOf(s3, Bucket), versioning: s3((client, options) => client.getBucketVersioning({ Bucket }, options)) },
    { concurrency: "unbounded" },
  ).pipe(
    Effect.map(({ tags, versioning }) => ({
      nativeId: Bucket,
      tags,
      properties: returned({
        BucketName: Bucket,
        Arn: `arn:${partitionOf(target)}:s3:::${Bucket}`,
        Tags: tags && Tags.visible(tags),
        VersioningConfiguration: versioning.Status && { Status: versioning.Status },
      }),
    })),
  )

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

const replaceTags = Effect.fnUntraced(function* (s3: Service<S3>, Bucket: string, tags: Tags.Tags) {
  const present = yield* tagsOf(s3, Bucket)
  if (present === undefined) return
  // The whole set is replaced, AWS's own tags and ours included.
  const all = [...Tags.hidden(present), ...tags]
  if (all.length > 0) yield* putTags(s3, Bucket, all)
  else yield* s3((client, options) => client.deleteBucketTagging({ Bucket }, options))
})

const putTags = (s3: Service<S3>, Bucket: string, tags: Array<Tags.Tag>) =>
  s3((client, options) => client.putBucketTagging({ Bucket, Tagging: { TagSet: tags } }, options))

const putVersioning = (s3: Service<S3>, Bucket: string, Status: typeof VersioningStatus.Type) =>
  s3((client, options) => client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status } }, options))
