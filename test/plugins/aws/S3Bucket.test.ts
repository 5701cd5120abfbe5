import { assert, describe, it } from "@effect/vitest"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import { layerPlayed, operationsOf, serviceError } from "./FakeClients.ts"

const { create } = operationsOf("AWS::S3::Bucket")

describe("a bucket that is made, and of which the tags can not be looked at", () => {
  it.effect("is told of with the failure", () => {
    let made = false
    const s3 = {
      createBucket: () => {
        made = true
        return {}
      },
      getBucketVersioning: () => ({}),
      getBucketTagging: () => {
        throw serviceError(made ? "AccessDenied" : "NoSuchBucket")
      },
    }
    return Effect.gen(function* () {
      const error = yield* Effect.flip(create({ BucketName: "pictures" }).pipe(Effect.provide(layerPlayed({ s3 }))))
      assert.deepInclude(error, { code: "AccessDenied", nativeId: NativeId.make("pictures") })
    })
  })
})
