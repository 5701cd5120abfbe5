import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerFake, operationsOf, serviceError } from "./FakeClients.ts"

const { create } = operationsOf("AWS::S3::Bucket")

describe("a bucket that is created but whose tags cannot be read", () => {
  it.effect("is reported with the failure", () => {
    let isCreated = false
    const s3 = {
      createBucket: () => {
        isCreated = true
        return {}
      },
      getBucketVersioning: () => ({}),
      getBucketTagging: () => {
        throw serviceError(isCreated ? "AccessDenied" : "NoSuchBucket")
      },
    }
    return Effect.gen(function* () {
      const error = yield* Effect.flip(create({ BucketName: "pictures" }).pipe(Effect.provide(layerFake({ s3 }))))
      assert.deepInclude(error, { code: "AccessDenied", nativeId: NativeId.make("pictures") })
    })
  })
})
