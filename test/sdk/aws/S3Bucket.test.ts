import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fauxqs } from "../emulators/fauxqs.ts"
import { AwsEmulator, onEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"

const tags = [
  { Key: "cost", Value: "shop" },
  { Key: "team", Value: "orders" },
]

onMoto("AWS::S3::Bucket on moto", (it) => {
  for (const region of ["eu-central-1", "us-east-1"]) {
    it.effect(`is created, read, changed and deleted in ${region}`, () =>
      Effect.gen(function* () {
        const bucket = callsOf("AWS::S3::Bucket", yield* AwsEmulator, region)
        // Moto gives the tags of a deleted bucket to the next one of the same name.
        const name = `pictures-${region}`
        const Arn = `arn:aws:s3:::${name}`
        const properties = { BucketName: name, Tags: tags, VersioningConfiguration: { Status: "Enabled" } }
        const begun = yield* bucket.beginCreate(properties)
        assert.strictEqual(begun.nativeId, name, "reported before the versioning is set")
        yield* bucket.pollToEnd(begun)
        const read = yield* bucket.read(name)
        assert.deepStrictEqual(read, { ...properties, Arn })

        const retagged = { BucketName: name, Tags: [{ Key: "team", Value: "shipping" }] }
        const updated = yield* bucket.update(name, retagged, [{ op: "remove", path: "/VersioningConfiguration" }])
        assert.deepStrictEqual(updated.properties, {
          ...retagged,
          Arn,
          VersioningConfiguration: { Status: "Suspended" },
        })
        // The tag of the operation survives the update.
        assert.strictEqual((yield* bucket.create({ BucketName: name })).nativeId, name)

        yield* bucket.delete(name)
        assert.strictEqual((yield* Effect.flip(bucket.read(name))).code, "NotFound")
        assert.strictEqual((yield* Effect.flip(bucket.delete(name))).code, "NotFound")
      }),
    )

    it.effect(`is not taken over from another operation in ${region}`, () =>
      Effect.gen(function* () {
        const bucket = callsOf("AWS::S3::Bucket", yield* AwsEmulator, region)
        const name = `basket-${region}`
        const first = yield* bucket.create({ BucketName: name }, "op-a")
        assert.deepStrictEqual(yield* bucket.create({ BucketName: name }, "op-a"), first)
        const foreign = yield* Effect.flip(bucket.create({ BucketName: name, Tags: tags }, "op-b"))
        assert.strictEqual(foreign.code, "AlreadyExists")
        assert.deepStrictEqual(yield* bucket.read(name), first.properties)
      }),
    )
  }
})

onEmulator(fauxqs, "AWS::S3::Bucket on fauxqs, which ignores tags and versioning", (it) => {
  it.effect("is created, read, changed and deleted", () =>
    Effect.gen(function* () {
      const bucket = callsOf("AWS::S3::Bucket", yield* AwsEmulator)
      const kept = { BucketName: "pictures", Arn: "arn:aws:s3:::pictures" }
      const created = yield* bucket.create({
        BucketName: "pictures",
        Tags: tags,
        VersioningConfiguration: { Status: "Enabled" },
      })
      assert.deepStrictEqual(created.properties, kept)
      assert.deepStrictEqual((yield* bucket.update("pictures", { BucketName: "pictures", Tags: [] })).properties, kept)
      assert.deepStrictEqual(yield* bucket.list(1), ["pictures"])
      yield* bucket.delete("pictures")
      assert.strictEqual((yield* Effect.flip(bucket.read("pictures"))).code, "NotFound")
    }),
  )

  it.effect("is not taken over if it cannot be recognized as our own", () =>
    Effect.gen(function* () {
      const bucket = callsOf("AWS::S3::Bucket", yield* AwsEmulator)
      yield* bucket.create({ BucketName: "basket" }, "op-a")
      assert.strictEqual((yield* Effect.flip(bucket.create({ BucketName: "basket" }, "op-a"))).code, "AlreadyExists")
    }),
  )

  it.effect("is refused with an invalid name or tag", () =>
    Effect.gen(function* () {
      const bucket = callsOf("AWS::S3::Bucket", yield* AwsEmulator)
      const refused = yield* Effect.flip(bucket.create({ BucketName: "No_Bucket" }))
      assert.strictEqual(refused.code, "InvalidRequest")
      const hidden = [{ Key: "formae:operation-id", Value: "op-b" }]
      assert.include(
        (yield* Effect.flip(bucket.create({ BucketName: "pictures", Tags: hidden }))).message,
        "Tags[0].Key",
      )
    }),
  )
})
