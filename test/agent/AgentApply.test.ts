import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { changesOf, layerAgent, makeShop, nativeIdOf, outcomes, shop, without } from "./shop.ts"

describe("apply", () => {
  it.effect("creates what the forma wants, each resource after those that it refers to", () =>
    Effect.gen(function* () {
      const { apply, resources, writes } = yield* makeShop
      const result = yield* apply(shop)
      assert.strictEqual(result.status, "succeeded")
      assert.deepEqual(
        outcomes(result),
        Object.keys(shop).map((label) => `${label} create`),
      )
      const made = yield* writes
      assert.lengthOf(made, 10)
      assert.isBelow(made.indexOf("create EC2::VPC"), made.indexOf("create EC2::VPCCidrBlock"))
      assert.isBelow(made.indexOf("create EC2::VPCCidrBlock"), made.indexOf("create EC2::Instance"))
      assert.isBelow(made.indexOf("create EC2::Instance"), made.lastIndexOf("create Legacy::Widget"))
      const present = new Map((yield* resources).map((one) => [one.native_id, one.properties]))
      assert.deepInclude(present.get(nativeIdOf(result, "block")), { VpcId: nativeIdOf(result, "net") })
      assert.deepInclude(present.get(nativeIdOf(result, "tail")), { Model: nativeIdOf(result, "web") })
      assert.deepInclude(present.get("shop-logs"), { Tags: [{ Key: "of", Value: "arn:aws:s3:::shop-pictures" }] })
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("changes nothing the second time, and only reads", () =>
    Effect.gen(function* () {
      const { apply, calls, events } = yield* makeShop
      yield* apply(shop)
      const before = (yield* calls).length
      events.length = 0
      const result = yield* apply(shop)
      assert.deepEqual(
        outcomes(result),
        Object.keys(shop).map((label) => `${label} noop`),
      )
      assert.deepEqual(
        (yield* calls).slice(before).map(({ operation }) => operation),
        Object.keys(shop).map(() => "read"),
      )
      assert.notInclude(
        events.map(({ _tag }) => _tag),
        "Started",
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("waits for work that the provider has accepted, and reports progress", () =>
    Effect.gen(function* () {
      const { apply, events, target } = yield* makeShop
      const result = yield* withPassingTime(apply({ net: shop["net"]! }, target({ settleMillis: 50 })))
      assert.strictEqual(result.status, "succeeded")
      const ofNet = events.flatMap((event) => {
        switch (event._tag) {
          case "Began":
          case "Planned":
            return []
          case "Finished":
            return event.result.label === "net" ? [`Finished ${event.result.status}`] : []
          case "Progressed":
            return event.change.label === "net" ? [`Progressed ${event.progress.nativeId}`] : []
          case "Started":
            return event.change.label === "net" ? [`Started ${event.action}`] : []
        }
      })
      assert.deepEqual(ofNet, ["Started ensure", `Progressed ${nativeIdOf(result, "net")}`, "Finished succeeded"])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("apply, after a change that was made elsewhere,", () => {
  it.effect("notices a change that was made elsewhere, and reverts it", () =>
    Effect.gen(function* () {
      const { apply, elsewhere, resources } = yield* makeShop
      const first = yield* apply(shop)
      yield* elsewhere(
        "UPDATE resources SET properties = json_set(properties, '$.InstanceType', 't3.large') WHERE native_id = ?",
        nativeIdOf(first, "web"),
      )
      assert.deepEqual(changesOf(yield* apply(shop)), ["web update"])
      const web = (yield* resources).find(({ native_id }) => native_id === nativeIdOf(first, "web"))
      assert.strictEqual(web?.properties["InstanceType"], "t3.micro")
      assert.deepEqual(changesOf(yield* apply(shop)), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("leaves alone what the provider has in addition to what was asked for", () =>
    Effect.gen(function* () {
      const { apply, elsewhere } = yield* makeShop
      yield* apply(shop)
      yield* elsewhere("UPDATE resources SET properties = json_set(properties, '$.EnableDnsSupport', json('true'))")
      assert.deepEqual(changesOf(yield* apply(shop)), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("creates again what was deleted elsewhere, and what cannot exist without it", () =>
    Effect.gen(function* () {
      const { apply, elsewhere } = yield* makeShop
      const first = yield* apply(shop)
      yield* elsewhere("DELETE FROM resources WHERE native_id = ?", nativeIdOf(first, "net"))
      const second = yield* apply(shop)
      // The block cannot move to another VPC, and the instance is tagged with the block. The widget's model is the instance, which stays.
      assert.deepEqual(changesOf(second), ["net create", "block replace", "web update"])
      assert.notStrictEqual(nativeIdOf(first, "net"), nativeIdOf(second, "net"))
      assert.deepEqual(changesOf(yield* apply(shop)), [])
    }).pipe(Effect.provide(layerAgent())),
  )
})

const instance = { ImageId: "ami-1", InstanceType: "t3.micro" }

describe("apply of a forma that was edited", () => {
  it.effect("updates what was edited, and removes properties that were removed from the forma", () =>
    Effect.gen(function* () {
      const { apply, resources, writes } = yield* makeShop
      yield* apply(shop)
      const before = (yield* writes).length
      const edited = { ...shop, old: ["FakeAWS::Legacy::Widget", { Model: "m", Size: 2 }] as const }
      assert.deepEqual(changesOf(yield* apply(edited)), ["old update"])
      const bare = { ...shop, old: ["FakeAWS::Legacy::Widget", { Model: "m" }] as const }
      assert.deepEqual(changesOf(yield* apply(bare)), ["old update"])
      assert.deepEqual((yield* writes).slice(before), ["update Legacy::Widget", "update Legacy::Widget"])
      const widgets = (yield* resources).filter(({ type }) => type === "FakeAWS::Legacy::Widget")
      assert.isFalse(widgets.some(({ properties }) => Object.hasOwn(properties, "Size")))
      assert.deepEqual(changesOf(yield* apply(bare)), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("replaces what cannot be changed, and what depends on it around that", () =>
    Effect.gen(function* () {
      const { apply, resources, writes } = yield* makeShop
      const first = yield* apply(shop)
      const before = (yield* writes).length
      const edited = { ...shop, net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.2.0.0/16" }] as const }
      const second = yield* apply(edited)
      assert.deepEqual(changesOf(second), ["net replace", "block replace", "web update"])
      assert.deepEqual((yield* writes).slice(before), [
        "delete EC2::VPCCidrBlock",
        "delete EC2::VPC",
        "create EC2::VPC",
        "create EC2::VPCCidrBlock",
        "update EC2::Instance",
      ])
      const block = (yield* resources).find(({ native_id }) => native_id === nativeIdOf(second, "block"))
      assert.strictEqual(block?.properties["VpcId"], nativeIdOf(second, "net"))
      assert.notStrictEqual(nativeIdOf(first, "net"), nativeIdOf(second, "net"))
      assert.lengthOf(yield* resources, 10)
      assert.deepEqual(changesOf(yield* apply(edited)), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("deletes what the forma no longer wants, once nothing refers to it", () =>
    Effect.gen(function* () {
      const { apply, resources, writes } = yield* makeShop
      yield* apply(shop)
      const before = (yield* writes).length
      const rest = { ...without(shop, "net", "block"), web: ["FakeAWS::EC2::Instance", instance] as const }
      assert.deepEqual(changesOf(yield* apply(rest)), ["web update", "block delete", "net delete"])
      assert.deepEqual((yield* writes).slice(before), [
        "update EC2::Instance",
        "delete EC2::VPCCidrBlock",
        "delete EC2::VPC",
      ])
      assert.lengthOf(yield* resources, 8)
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("apply of a forma whose target was edited", () => {
  it.effect("replaces what has moved to another target, and deletes the old resource where it was", () =>
    Effect.gen(function* () {
      const here = yield* makeShop
      const there = yield* makeShop
      const one = { pictures: shop["pictures"]! }
      yield* here.apply(one)
      assert.deepEqual(changesOf(yield* here.apply(one, there.target())), ["pictures replace"])
      assert.lengthOf(yield* here.resources, 0)
      assert.lengthOf(yield* there.resources, 1)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("treats a target config in another order as the same", () =>
    Effect.gen(function* () {
      const { apply, file } = yield* makeShop
      const one = { pictures: shop["pictures"]! }
      yield* apply(one, { cloud: file, region: "eu-west-1", settleMillis: 0 })
      assert.deepEqual(changesOf(yield* apply(one, { settleMillis: 0, region: "eu-west-1", cloud: file })), [])
    }).pipe(Effect.provide(layerAgent())),
  )
})
