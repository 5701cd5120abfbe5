import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { plugin } from "../../../plugins/fake-aws/src/plugin.ts"
import { callsOf, expectInProgress, expectSucceeded, makeFakeCloud } from "./FakeCloud.ts"

const given = {
  "FakeAWS::S3::Bucket": { BucketName: "shop-pictures" },
  "FakeAWS::EC2::VPC": { CidrBlock: "10.0.0.0/16" },
  "FakeAWS::EC2::Instance": { ImageId: "ami-0abc", InstanceType: "t3.micro" },
  "FakeAWS::SecretsManager::Secret": { Name: "database", SecretString: "correct horse" },
}

describe("a create that is sent again", () => {
  it.effect.each(Object.entries(given))("%s: answers with what it created the first time", ([type, properties]) =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const calls = callsOf(type, cloud.target())
      const first = yield* Effect.flatMap(calls.create(properties, "op-1"), expectSucceeded)
      const second = yield* calls.create(properties, "op-1")
      assert.deepEqual(second, first)
      assert.deepEqual(
        (yield* cloud.resources).map(({ native_id, token }) => [native_id, token]),
        [[first.nativeId, "op-1"]],
      )
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("FakeAWS::Legacy::Widget: creates a second one", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const widgets = callsOf("FakeAWS::Legacy::Widget", cloud.target())
      yield* widgets.create({ Model: "W-1" }, "op-1")
      yield* widgets.create({ Model: "W-1" }, "op-1")
      assert.deepEqual(
        (yield* cloud.resources).map(({ token }) => token),
        ["op-1", "op-1"],
      )
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("fails if another operation has created a bucket of the same name", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", cloud.target())
      yield* buckets.create({ BucketName: "shop-pictures" }, "op-1")
      const refused = yield* Effect.flip(buckets.create({ BucketName: "shop-pictures" }, "op-2"))
      assert.strictEqual(refused.code, "AlreadyExists")
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("creates one resource even if it is sent several times at once", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const vpcs = callsOf("FakeAWS::EC2::VPC", cloud.target())
      const create = Effect.flatMap(vpcs.create({ CidrBlock: "10.0.0.0/16" }), expectSucceeded)
      const all = yield* Effect.all([create, create, create], { concurrency: "unbounded" })
      assert.strictEqual(new Set(all.map(({ nativeId }) => nativeId)).size, 1)
      assert.lengthOf(yield* cloud.resources, 1)
    }).pipe(Effect.provide(plugin.layer)),
  )
})

describe("what became of a create", () => {
  const recoverableTypes = ["FakeAWS::S3::Bucket", "FakeAWS::EC2::Instance"] as const

  it.effect.each(recoverableTypes)("%s: is found by its name or its tag", (type) =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const calls = callsOf(type, cloud.target({ settleMillis: 1_000 }))
      const ask = calls.recover(given[type], "op-1")
      assert.deepEqual(yield* ask, { status: "NotStarted" })
      const { nativeId } = yield* Effect.flatMap(calls.create(given[type], "op-1"), expectInProgress)
      const pending = yield* ask
      assert.deepEqual([pending.status, "nativeId" in pending && pending.nativeId], ["InProgress", nativeId])
      yield* TestClock.adjust("1 second")
      const done = yield* ask
      assert.deepEqual([done.status, "nativeId" in done && done.nativeId], ["Done", nativeId])
      assert.deepInclude(done.status === "Done" ? done.properties : {}, given[type])
      assert.deepEqual(yield* calls.recover(given[type], "op-2"), { status: "NotStarted" })
    }).pipe(Effect.provide(plugin.layer)),
  )

  it("cannot be found out for other types: a token is only accepted with a create, and a widget has none", () => {
    const recoverable = [...plugin.types.values()].filter(({ capabilities }) => capabilities.recoverable)
    assert.deepEqual(
      recoverable.map(({ capabilities }) => String(capabilities.type)),
      [...recoverableTypes],
    )
  })
})

describe("a create that takes time", () => {
  const slow = { settleMillis: 1_000 }
  const given = { BucketName: "shop-pictures" }

  it.effect("is in progress until the time is over", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", cloud.target(slow))
      const answer = yield* Effect.flatMap(buckets.create(given), expectInProgress)
      const { nativeId, requestId } = answer
      assert.strictEqual(nativeId, "shop-pictures")
      yield* TestClock.adjust("999 millis")
      assert.deepEqual(yield* Effect.flatMap(buckets.status(requestId), expectInProgress), answer)
      assert.strictEqual((yield* buckets.create(given))._tag, "InProgress")
      yield* TestClock.adjust("1 millis")
      const ready = yield* Effect.flatMap(buckets.status(requestId), expectSucceeded)
      assert.deepEqual(ready.properties, { ...given, Arn: "arn:aws:s3:::shop-pictures" })
      assert.deepEqual(
        (yield* cloud.calls).map(({ operation, outcome }) => `${operation} ${outcome}`),
        ["create in progress", "status in progress", "create in progress", "status succeeded"],
      )
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("takes 20 milliseconds unless the target says otherwise", () =>
    Effect.gen(function* () {
      const { file } = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", { cloud: file, region: "eu-west-1" })
      const { requestId } = yield* Effect.flatMap(buckets.create(given), expectInProgress)
      yield* TestClock.adjust("20 millis")
      yield* Effect.flatMap(buckets.status(requestId), expectSucceeded)
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("can be polled by a later launch", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", cloud.target(slow))
      const { requestId } = yield* buckets
        .create(given)
        .pipe(Effect.flatMap(expectInProgress), Effect.provide(plugin.layer, { local: true }))
      yield* TestClock.adjust("1 second")
      const ready = yield* buckets
        .status(requestId)
        .pipe(Effect.flatMap(expectSucceeded), Effect.provide(plugin.layer, { local: true }))
      assert.strictEqual(ready.nativeId, "shop-pictures")
    }),
  )

  it.effect("fails for good if the resource is deleted in the meantime", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", cloud.target(slow))
      const { requestId } = yield* Effect.flatMap(buckets.create(given), expectInProgress)
      yield* buckets.delete("shop-pictures")
      assert.strictEqual((yield* Effect.flip(buckets.status(requestId))).code, "GeneralServiceException")
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("rejects a request id of another provider", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const buckets = callsOf("FakeAWS::S3::Bucket", cloud.target(slow))
      assert.strictEqual((yield* Effect.flip(buckets.status("42"))).code, "UnforeseenError")
    }).pipe(Effect.provide(plugin.layer)),
  )
})
