import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { type Lifecycle, lifecycle } from "./lifecycle.ts"

const allowing = (Bucket: string, Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action, Resource: `arn:aws:s3:::${Bucket}/*` }],
})

const policy: Lifecycle = {
  type: "AWS::S3::BucketPolicy",
  wanted: (name) =>
    Effect.gen(function* () {
      const { nativeId: Bucket } = yield* callsOf("AWS::S3::Bucket", yield* AwsEmulator).create(
        { BucketName: `policed-${name}` },
        `op-bucket-${name}`,
      )
      return { Bucket, PolicyDocument: allowing(Bucket, "s3:GetObject") }
    }),
  outputs: () => ({}),
  change: { to: { PolicyDocument: allowing("policed-change", "s3:PutObject") } },
  limitations: { pages: "moto shortens a page of buckets but returns no token for the next" },
}

onMoto("AWS::S3::BucketPolicy on moto", (it) => {
  lifecycle(it, policy)

  it.effect("does not replace another policy", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::S3::BucketPolicy", yield* AwsEmulator)
      const wanted = yield* policy.wanted("taken")
      const first = yield* calls.create(wanted, "op-a")
      const other = { ...wanted, PolicyDocument: allowing("policed-taken", "s3:PutObject") }
      assert.strictEqual((yield* Effect.flip(calls.create(other, "op-b"))).code, "AlreadyExists")
      assert.deepStrictEqual(yield* calls.read(first.nativeId), first.properties)
    }),
  )

  it.effect("is certain to be missing, but not who put it there", () =>
    Effect.gen(function* () {
      const calls = callsOf("AWS::S3::BucketPolicy", yield* AwsEmulator)
      const wanted = yield* policy.wanted("recover")
      assert.deepStrictEqual(yield* calls.recover(wanted, "op-a"), { status: "NotStarted" })
      yield* calls.create(wanted, "op-a")
      assert.strictEqual((yield* calls.recover(wanted, "op-a")).status, "Unknown")
    }),
  )

  it.effect("is not listed for a bucket without one", () =>
    Effect.gen(function* () {
      const emulator = yield* AwsEmulator
      yield* callsOf("AWS::S3::Bucket", emulator).create({ BucketName: "unpoliced" }, "op-unpoliced")
      assert.notInclude(yield* callsOf("AWS::S3::BucketPolicy", emulator).list(1000), "unpoliced")
    }),
  )
})
