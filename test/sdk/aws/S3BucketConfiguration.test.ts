import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle, notTakenOver, recovery } from "./lifecycle.ts"

const encryptedBy = (SSEAlgorithm: string) => ({
  ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: false, ServerSideEncryptionByDefault: { SSEAlgorithm } }],
})

const bucket: Lifecycle = {
  type: "AWS::S3::Bucket",
  wanted: (name) =>
    Effect.succeed({
      BucketName: `shop-${name}`,
      VersioningConfiguration: { Status: "Enabled" },
      BucketEncryption: encryptedBy("aws:kms"),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: false,
      },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: "old",
            Status: "Enabled",
            Prefix: "logs/",
            ExpirationInDays: 365,
            Transitions: [{ StorageClass: "GLACIER", TransitionInDays: 30 }],
            NoncurrentVersionExpiration: { NoncurrentDays: 7 },
          },
          { Id: "half", Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } },
        ],
      },
      Tags: [
        { Key: "cost", Value: "shop" },
        { Key: "team", Value: "orders" },
      ],
    }),
  outputs: (_, name) => ({ Arn: `arn:aws:s3:::${name}` }),
  change: {
    to: {
      BucketEncryption: encryptedBy("AES256"),
      Tags: [{ Key: "team", Value: "shipping" }],
    },
    without: ["LifecycleConfiguration", "PublicAccessBlockConfiguration", "VersioningConfiguration"],
    read: { VersioningConfiguration: { Status: "Suspended" } },
  },
  limitations: { pages: "moto shortens a page of buckets but returns no token for the next" },
}

onMoto("AWS::S3::Bucket with all its settings on moto", (it) => {
  lifecycle(it, bucket)
  recovery(it, bucket)
  notTakenOver(it, bucket)

  it.effect("continues its create in any launch", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::S3::Bucket", yield* AwsEmulator)
      const begun = yield* calls.beginCreate(yield* bucket.wanted("begun"), "op-a")
      assert.strictEqual(begun.nativeId, "shop-begun")
      assert.isUndefined((yield* calls.read("shop-begun")).LifecycleConfiguration)
      const first = yield* calls.pollToEnd(begun)
      assert.deepStrictEqual(yield* calls.pollToEnd(begun), first)
      assert.isDefined(first.properties.LifecycleConfiguration)
    }),
  )
})
