import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Properties } from "../../src/protocol/Resource.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { changesOf, layerAgent, makeShop, nativeIdOf, outcomes, shop, without } from "./shop.ts"

const refuse = (more: Properties): Properties => ({ when: "before", action: "error", code: "AccessDenied", ...more })

describe("a resource that fails", () => {
  it.effect("skips those that refer to it, and no others", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      const config = target({ faults: [refuse({ operation: "create", label: "block" })] })
      const result = yield* apply(shop, config)
      assert.strictEqual(result.status, "failed")
      assert.deepEqual(
        outcomes(result).filter((outcome) => outcome.includes(":")),
        ["block create: AccessDenied", "web create: DependencyFailure", "tail create: DependencyFailure"],
      )
      assert.lengthOf(yield* resources, 7)
      const web = result.resources.find(({ label }) => label === "web")
      assert.deepInclude(web?.error, { message: "not tried, because block has failed" })
      assert.deepInclude(web, { attempts: 0, nativeId: null })
      // The fault is used up: the next apply creates what is missing, and only that.
      assert.deepEqual(changesOf(yield* apply(shop, config)), ["block create", "web create", "tail create"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("reports how often it was tried, and why it was given up", () =>
    Effect.gen(function* () {
      const { apply, target } = yield* makeShop
      const faults = [refuse({ operation: "create", label: "net", code: "Throttling", times: 3 })]
      const result = yield* withPassingTime(apply({ net: shop["net"]! }, target({ faults })))
      assert.deepInclude(result.resources[0], { status: "succeeded", attempts: 4 })
      const denied = [refuse({ operation: "create", label: "alone" })]
      const [alone] = (yield* apply({ alone: shop["alone"]! }, target({ faults: denied }), "other")).resources
      assert.deepInclude(alone, { status: "failed", attempts: 1 })
      assert.deepEqual(alone?.error, { code: "AccessDenied", message: "a fault that the target asks for" })
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect(
    "is in the inventory if it is partly created, and the next apply polls it if its status could not be asked for",
    () =>
      Effect.gen(function* () {
        const { apply, inventory, resources, target } = yield* makeShop
        const fault = refuse({ operation: "create", when: "status", label: "net" })
        const config = target({ settleMillis: 50, faults: [fault] })
        const net = { net: shop["net"]! }
        const first = yield* withPassingTime(apply(net, config))
        assert.deepEqual(outcomes(first), ["net create: AccessDenied"])
        assert.match(nativeIdOf(first, "net"), /^vpc-/)
        assert.deepEqual(outcomes(yield* inventory), ["net noop"])
        assert.strictEqual(nativeIdOf(yield* inventory, "net"), nativeIdOf(first, "net"))
        assert.deepEqual(outcomes(yield* withPassingTime(apply(net, config))), ["net create"])
        assert.deepEqual(outcomes(yield* withPassingTime(apply(net, config))), ["net noop"])
        assert.lengthOf(yield* resources, 1)
      }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("does not remove the resources that would have been replaced after it", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      const fault = refuse({ operation: "create", type: "FakeAWS::EC2::VPC", label: "second" })
      const config = target({ faults: [fault] })
      const { block, net } = shop
      yield* apply({ net: net!, block: block! }, config)
      const before = yield* resources
      // The block moves to a VPC that cannot be created: it must not have left the first VPC before that.
      const moved = {
        net: net!,
        second: ["FakeAWS::EC2::VPC", { CidrBlock: "10.5.0.0/16" }] as const,
        block: [block![0], { ...block![1], VpcId: { $ref: "second.VpcId" } }] as const,
      }
      const result = yield* apply(moved, config)
      assert.deepEqual(changesOf(result), ["second create: AccessDenied", "block replace: DependencyFailure"])
      assert.deepEqual(yield* resources, before)
      assert.deepEqual(changesOf(yield* apply(moved, config)), ["second create", "block replace"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("no longer has a native id once the old resource is deleted", () =>
    Effect.gen(function* () {
      const { apply, target } = yield* makeShop
      yield* apply({ pictures: shop["pictures"]! })
      const faults = [refuse({ operation: "create" })]
      const result = yield* apply({ pictures: ["FakeAWS::S3::Bucket", { BucketName: "other" }] }, target({ faults }))
      assert.deepEqual(outcomes(result), ["pictures replace: AccessDenied"])
      assert.isNull(result.resources[0]?.nativeId)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a resource that cannot be deleted", () => {
  it.effect("stays in the inventory, and so does what it refers to", () =>
    Effect.gen(function* () {
      const { apply, destroy, inventory, resources, target } = yield* makeShop
      const some = { net: shop["net"]!, block: shop["block"]!, web: shop["web"]!, pictures: shop["pictures"]! }
      const fault = refuse({ operation: "delete", type: "FakeAWS::EC2::VPCCidrBlock" })
      yield* apply(some, target({ faults: [fault] }))
      const first = yield* destroy()
      assert.strictEqual(first.status, "failed")
      assert.deepEqual(outcomes(first), [
        "block delete: AccessDenied",
        "net delete: DependencyFailure",
        "pictures delete",
        "web delete",
      ])
      assert.deepEqual(outcomes(yield* inventory), ["block noop", "net noop"])
      assert.lengthOf(yield* resources, 2)
      assert.deepEqual(outcomes(yield* destroy()), ["block delete", "net delete"])
      assert.lengthOf(yield* resources, 0)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a resource that cannot be read", () => {
  const unreadable = (target: (more: Properties) => Properties, times = 1) =>
    target({ faults: [refuse({ operation: "read", type: "FakeAWS::EC2::VPC", times })] })

  it.effect("is left alone, and so is what refers to it", () =>
    Effect.gen(function* () {
      const { apply, plan, resources, target, writes } = yield* makeShop
      const config = unreadable(target, 2)
      const some = without(shop, "alone")
      yield* apply(some, config)
      const before = yield* resources
      const edited = {
        ...some,
        web: ["FakeAWS::EC2::Instance", { ...some["web"]![1], InstanceType: "t3.large" }] as const,
      }
      const refused = [
        "net noop: AccessDenied",
        "block noop: DependencyFailure",
        "web noop: DependencyFailure",
        "tail noop: DependencyFailure",
      ]
      const planned = yield* plan(edited, config)
      assert.strictEqual(planned.status, "failed")
      assert.deepEqual(changesOf(planned), refused)
      const applied = yield* apply(edited, config)
      assert.deepEqual(changesOf(applied), refused)
      assert.deepEqual(
        applied.resources.map(({ nativeId }) => nativeId),
        planned.resources.map(({ nativeId }) => nativeId),
      )
      assert.deepEqual(yield* resources, before)
      assert.lengthOf(yield* writes, 9)
      assert.deepEqual(changesOf(yield* apply(edited, config)), ["web update"])
    }).pipe(Effect.provide(layerAgent())),
  )
})
