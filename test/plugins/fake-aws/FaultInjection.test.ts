import { assert, describe, it } from "@effect/vitest"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { plugin } from "../../../plugins/fake-aws/src/plugin.ts"
import { callsOf, makeFakeCloud } from "./FakeCloud.ts"

const given = { BucketName: "shop-pictures" }

const faulty = (...faults: ReadonlyArray<Properties>) =>
  Effect.map(makeFakeCloud, (cloud) => ({
    ...cloud,
    buckets: callsOf("FakeAWS::S3::Bucket", cloud.target({ faults })),
  }))

const outcomes = (calls: ReadonlyArray<{ readonly outcome: string }>) => calls.map(({ outcome }) => outcome)

describe("faults of a target", () => {
  it.effect("happen before or after the provider has done its work", () =>
    Effect.gen(function* () {
      const { buckets, calls, resources } = yield* faulty(
        { operation: "create", when: "before", action: "error" },
        { operation: "create", when: "after", action: "error", code: "ServiceTimeout" },
      )
      assert.strictEqual((yield* Effect.flip(buckets.create(given))).code, "Throttling")
      assert.lengthOf(yield* resources, 0)
      assert.strictEqual((yield* Effect.flip(buckets.create(given))).code, "ServiceTimeout")
      assert.lengthOf(yield* resources, 1)
      yield* buckets.create(given)
      assert.deepEqual(outcomes(yield* calls), ["Throttling", "ServiceTimeout", "succeeded"])
      assert.deepEqual(
        (yield* calls).map(({ native_id }) => native_id),
        [null, "shop-pictures", "shop-pictures"],
      )
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("apply to one operation, type and label", () =>
    Effect.gen(function* () {
      const { buckets } = yield* faulty(
        { operation: "create", when: "before", action: "error", type: "FakeAWS::EC2::VPC" },
        { operation: "create", when: "before", action: "error", type: "FakeAWS::S3::Bucket", label: "other" },
        { operation: "read", when: "before", action: "error", code: "AccessDenied" },
      )
      yield* buckets.create(given, "op-1", "it")
      assert.strictEqual((yield* Effect.flip(buckets.read("shop-pictures"))).code, "AccessDenied")
      yield* buckets.read("shop-pictures")
      assert.strictEqual((yield* Effect.flip(buckets.create(given, "op-1", "other"))).code, "Throttling")
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("apply to the status of a create, also by its label", () =>
    Effect.gen(function* () {
      const cloud = yield* makeFakeCloud
      const faults = [{ operation: "create", when: "status", action: "error", label: "it" }]
      const buckets = callsOf("FakeAWS::S3::Bucket", cloud.target({ settleMillis: 50, faults }))
      const answer = yield* buckets.create(given, "op-1", "it")
      assert.strictEqual(answer._tag, "InProgress")
      if (answer._tag !== "InProgress") return
      assert.strictEqual((yield* Effect.flip(buckets.status(answer.requestId))).code, "Throttling")
      assert.strictEqual((yield* buckets.status(answer.requestId))._tag, "InProgress")
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("delay a call, or hang it until it is interrupted", () =>
    Effect.gen(function* () {
      const { buckets, calls } = yield* faulty(
        { operation: "create", when: "before", action: "delay", millis: 300 },
        { operation: "create", when: "after", action: "hang" },
      )
      const fiber = yield* Effect.forkChild(buckets.create(given))
      yield* TestClock.adjust("299 millis")
      assert.strictEqual((yield* calls)[0]?.native_id, null)
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* calls)[0]?.native_id, "shop-pictures")
      yield* TestClock.adjust("1 hour")
      assert.deepEqual(outcomes(yield* calls), ["started"])
      yield* Fiber.interrupt(fiber)
      assert.deepEqual(outcomes(yield* calls), ["interrupted"])
    }).pipe(Effect.provide(plugin.layer)),
  )

  it.effect("are counted in the cloud, across launches", () =>
    Effect.gen(function* () {
      const { buckets } = yield* faulty({ operation: "list", when: "before", action: "error", times: 3 })
      yield* Effect.provide(buckets.create({ BucketName: "pictures" }), plugin.layer, { local: true })
      const launch = buckets.list().pipe(Effect.isSuccess, Effect.provide(plugin.layer, { local: true }))
      assert.deepEqual(yield* Effect.all([launch, launch, launch, launch]), [false, false, false, true])
    }),
  )
})
