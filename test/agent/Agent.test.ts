import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { changesOf, layerAgent, makeShop, nativeIdOf, outcomes, shop, without } from "./shop.ts"

const decodesAsResult = Schema.decodeUnknownEffect(CommandResult, { onExcessProperty: "error" })

describe("apply", () => {
  it.effect("makes what the forma wants, each resource after those that it refers to", () =>
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

  it.effect("changes nothing the second time, and asks the provider for nothing but reads", () =>
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

  it.effect("sees a change that was made elsewhere, and repairs it", () =>
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

  it.effect("leaves alone what the provider has besides what was asked for", () =>
    Effect.gen(function* () {
      const { apply, elsewhere } = yield* makeShop
      yield* apply(shop)
      yield* elsewhere("UPDATE resources SET properties = json_set(properties, '$.EnableDnsSupport', json('true'))")
      assert.deepEqual(changesOf(yield* apply(shop)), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("makes again what was deleted elsewhere, and what can not be without it", () =>
    Effect.gen(function* () {
      const { apply, elsewhere } = yield* makeShop
      const first = yield* apply(shop)
      yield* elsewhere("DELETE FROM resources WHERE native_id = ?", nativeIdOf(first, "net"))
      const second = yield* apply(shop)
      // The block is in a VPC for good, the instance is tagged with the block; the widget's model is the instance that stays.
      assert.deepEqual(changesOf(second), ["net create", "block replace", "web update"])
      assert.notStrictEqual(nativeIdOf(first, "net"), nativeIdOf(second, "net"))
      assert.deepEqual(changesOf(yield* apply(shop)), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("updates what was edited, and takes away what was taken from the forma", () =>
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

  it.effect("replaces what can not be changed, and those that depend on it: they go first and come last", () =>
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

  it.effect("deletes what the forma does not want any more, once nothing refers to it", () =>
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

  it.effect("replaces what has moved to another target, and takes the old one away where it was", () =>
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

  it.effect("takes a target whose config is written in another order for the same", () =>
    Effect.gen(function* () {
      const { apply, file } = yield* makeShop
      const one = { pictures: shop["pictures"]! }
      yield* apply(one, { cloud: file, region: "eu-west-1", settleMillis: 0 })
      assert.deepEqual(changesOf(yield* apply(one, { settleMillis: 0, region: "eu-west-1", cloud: file })), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("waits for what the provider accepts, and tells of the progress", () =>
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

const instance = { ImageId: "ami-1", InstanceType: "t3.micro" }

describe("plan", () => {
  it.effect("says what an apply would do, and does nothing", () =>
    Effect.gen(function* () {
      const { apply, calls, plan, writes } = yield* makeShop
      const first = yield* plan(shop)
      assert.strictEqual(first.status, "planned")
      assert.deepEqual(
        outcomes(first),
        Object.keys(shop).map((label) => `${label} create`),
      )
      yield* apply(shop)
      const before = (yield* writes).length
      const edited = { ...without(shop, "alone"), net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.2.0.0/16" }] as const }
      assert.deepEqual(changesOf(yield* plan(edited)), ["net replace", "block replace", "web update", "alone delete"])
      assert.lengthOf(yield* writes, before)
      assert.deepEqual(changesOf(yield* plan(shop)), [])
      assert.isNotEmpty(yield* calls)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("takes a secret that comes from another resource for unchanged", () =>
    Effect.gen(function* () {
      const { apply, plan } = yield* makeShop
      const resources = {
        pictures: shop["pictures"]!,
        note: ["FakeAWS::SecretsManager::Secret", { Name: "n", SecretString: { $ref: "pictures.Arn" } }] as const,
      }
      yield* apply(resources)
      assert.deepEqual(changesOf(yield* plan(resources)), [])
      assert.deepEqual(changesOf(yield* apply(resources)), [])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("destroy", () => {
  it.effect("deletes all that the forma made, each resource before those that it refers to", () =>
    Effect.gen(function* () {
      const { apply, destroy, inventory, resources, writes } = yield* makeShop
      yield* apply(shop)
      const result = yield* destroy()
      assert.strictEqual(result.status, "succeeded")
      assert.deepEqual(new Set(outcomes(result)), new Set(Object.keys(shop).map((label) => `${label} delete`)))
      const order = (yield* writes).slice(10)
      assert.lengthOf(order, 10)
      // `tail` and `old`, then the instance, then the block, then its VPC, which is the second of the two.
      assert.isBelow(order.indexOf("delete Legacy::Widget"), order.indexOf("delete EC2::Instance"))
      assert.isBelow(order.indexOf("delete EC2::Instance"), order.indexOf("delete EC2::VPCCidrBlock"))
      assert.isBelow(order.indexOf("delete EC2::VPCCidrBlock"), order.lastIndexOf("delete EC2::VPC"))
      assert.lengthOf(yield* resources, 0)
      assert.deepEqual((yield* inventory).resources, [])
      assert.deepEqual((yield* destroy()).resources, [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("goes by the references of now, also where what they stand for did not change", () =>
    Effect.gen(function* () {
      const { apply, destroy, writes } = yield* makeShop
      const net = shop["net"]!
      const first = yield* apply({ net })
      // Its label is the last of the alphabet: only the reference says that it goes first.
      const block = { VpcId: nativeIdOf(first, "net"), CidrBlock: "10.1.0.0/16" }
      yield* apply({ net, zone: ["FakeAWS::EC2::VPCCidrBlock", block] })
      assert.deepEqual(changesOf(yield* apply({ net, zone: shop["block"]! })), [])
      yield* destroy()
      assert.deepEqual((yield* writes).slice(2), ["delete EC2::VPCCidrBlock", "delete EC2::VPC"])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("the inventory", () => {
  it.effect("knows the resources of all formae, and each forma minds its own", () =>
    Effect.gen(function* () {
      const one = yield* makeShop
      const other = yield* makeShop
      yield* one.apply(shop)
      yield* other.apply(shop, other.target(), "other")
      assert.lengthOf((yield* one.inventory).resources, 20)
      assert.deepEqual(changesOf(yield* one.apply(shop)), [])
      yield* other.destroy("other")
      assert.lengthOf(yield* one.resources, 10)
      assert.lengthOf((yield* one.inventory).resources, 10)
      assert.deepEqual(changesOf(yield* one.apply(shop)), [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("keeps the target, so that what a forma made can be found when the forma is gone", () =>
    Effect.gen(function* () {
      const { apply, target } = yield* makeShop
      yield* apply(shop)
      const inventory = yield* Inventory
      const rows = yield* inventory.list("shop")
      assert.lengthOf(rows, 10)
      for (const row of rows) assert.deepEqual([row.target, row.targetConfig], ["cloud", target()])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("each result", () => {
  it.effect("is of the one shape that --json prints", () =>
    Effect.gen(function* () {
      const { apply, destroy, inventory, plan } = yield* makeShop
      for (const command of [plan(shop), apply(shop), inventory, destroy()]) {
        const result = yield* command
        assert.deepEqual(yield* decodesAsResult(JSON.parse(JSON.stringify(result))), result)
      }
    }).pipe(Effect.provide(layerAgent())),
  )
})
