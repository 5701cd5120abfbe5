import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { needsMoto } from "../emulators/moto.ts"
import { AwsEmulator, emulatedByMoto } from "./AwsEmulator.ts"
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
  lacks: { pages: "moto cuts a page of buckets and gives no token for the next" },
}

describe("with moto", needsMoto, () =>
  layer(emulatedByMoto, { excludeTestServices: true })("AWS::S3::BucketPolicy on moto", (it) => {
    lifecycle(it, policy)

    it.effect("is not put in the place of another one", () =>
      Effect.gen(function* () {
        const calls = callsOf("AWS::S3::BucketPolicy", yield* AwsEmulator)
        const wanted = yield* policy.wanted("taken")
        const first = yield* calls.create(wanted, "op-a")
        const other = { ...wanted, PolicyDocument: allowing("policed-taken", "s3:PutObject") }
        assert.strictEqual((yield* Effect.flip(calls.create(other, "op-b"))).code, "AlreadyExists")
        assert.deepStrictEqual(yield* calls.read(first.nativeId), first.properties)
      }),
    )

    it.effect("is known not to be there, and not by whom it was put there", () =>
      Effect.gen(function* () {
        const calls = callsOf("AWS::S3::BucketPolicy", yield* AwsEmulator)
        const wanted = yield* policy.wanted("recover")
        assert.deepStrictEqual(yield* calls.recover(wanted, "op-a"), { status: "NotStarted" })
        yield* calls.create(wanted, "op-a")
        assert.strictEqual((yield* calls.recover(wanted, "op-a")).status, "Unknown")
      }),
    )

    it.effect("of a bucket without one is not listed", () =>
      Effect.gen(function* () {
        const emulator = yield* AwsEmulator
        yield* callsOf("AWS::S3::Bucket", emulator).create({ BucketName: "unpoliced" }, "op-unpoliced")
        assert.notInclude(yield* callsOf("AWS::S3::BucketPolicy", emulator).list(1000), "unpoliced")
      }),
    )
  }),
)
