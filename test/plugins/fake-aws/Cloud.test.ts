import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import { plugin } from "../../../plugins/fake-aws/src/plugin.ts"
import { callsOf, makeFakeCloud } from "./FakeCloud.ts"

describe("the cloud", () => {
  it.effect("is one file that several launches share", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", cloud.target())
      const launch = (name: string) =>
        buckets
          .create({ BucketName: name }, name)
          .pipe(Effect.andThen(Effect.yieldNow), Effect.provide(plugin.layer, { local: true }))
      yield* Effect.all([launch("bucket-a"), launch("bucket-b"), launch("bucket-c")], { concurrency: "unbounded" })
      assert.lengthOf((yield* buckets.list().pipe(Effect.provide(plugin.layer))).nativeIds, 3)
    }),
  )

  it.effect("reports the path of a file that cannot be opened, each time it is tried", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const nowhere = callsOf("FakeAWS::S3::Bucket", cloud.target({ cloud: `${cloud.file}/nowhere/cloud.db` }))
      for (const _ of [1, 2]) {
        const { code, message } = yield* Effect.flip(nowhere.create({ BucketName: "shop-pictures" }))
        assert.strictEqual(code, "InvalidRequest")
        assert.include(message, "/nowhere/cloud.db")
      }
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("is created by a create and by nothing else, so that a wrong path does not look like an empty cloud", () =>
    Effect.gen(function* () {
      const { file, target } = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", target())
      const refusals = yield* Effect.all([
        Effect.flip(buckets.read("pictures")),
        Effect.flip(buckets.update("pictures", { BucketName: "pictures" })),
        Effect.flip(buckets.delete("pictures")),
        Effect.flip(buckets.list()),
      ])
      for (const { code, message } of refusals) {
        assert.strictEqual(code, "InvalidRequest")
        assert.include(message, `there is no cloud at ${file}`)
      }
      assert.isFalse(existsSync(file))
      yield* buckets.create({ BucketName: "pictures" })
      assert.lengthOf((yield* buckets.list()).nativeIds, 1)
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("rejects an unknown config", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const mistakes = [
        { settleMilis: 3 },
        { settleMillis: -1 },
        { faults: [{ operation: "create" }] },
        { faults: [{ operation: "read", when: "status", action: "error" }] },
        { faults: [{ operation: "delete", when: "before", action: "error", label: "it" }] },
      ]
      for (const wrong of mistakes) {
        const refused = yield* Effect.flip(callsOf("FakeAWS::S3::Bucket", cloud.target(wrong)).list())
        assert.strictEqual(refused.code, "InvalidRequest")
        assert.include(refused.message, "target config")
      }
    }).pipe(Effect.provide(plugin.layer)),
  )
})
