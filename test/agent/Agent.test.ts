import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import { changesOf, layerAgent, makeShop, nativeIdOf, outcomes, shop, without } from "./shop.ts"

const decodesAsResult = Schema.decodeUnknownEffect(CommandResult, { onExcessProperty: "error" })

describe("plan", () => {
  it.effect("shows what an apply would do, and does nothing", () =>
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

  it.effect("treats a secret that comes from another resource as unchanged", () =>
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
  it.effect("deletes everything that the forma has created, each resource before those that it refers to", () =>
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

  it.effect("follows the present references, even if their values have not changed", () =>
    Effect.gen(function* () {
      const { apply, destroy, writes } = yield* makeShop
      const net = shop["net"]!
      const first = yield* apply({ net })
      // Its label is the last in the alphabet: only the reference says that it is deleted first.
      const block = { VpcId: nativeIdOf(first, "net"), CidrBlock: "10.1.0.0/16" }
      yield* apply({ net, zone: ["FakeAWS::EC2::VPCCidrBlock", block] })
      assert.deepEqual(changesOf(yield* apply({ net, zone: shop["block"]! })), [])
      yield* destroy()
      assert.deepEqual((yield* writes).slice(2), ["delete EC2::VPCCidrBlock", "delete EC2::VPC"])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("the inventory", () => {
  it.effect("has the resources of all formae, and each forma changes only its own", () =>
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

  it.effect("has the target of each resource, so that it can be found without the document", () =>
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
  it.effect("has the shape that --json prints", () =>
    Effect.gen(function* () {
      const { apply, destroy, inventory, plan } = yield* makeShop
      for (const command of [plan(shop), apply(shop), inventory, destroy()]) {
        const result = yield* command
        assert.deepEqual(yield* decodesAsResult(JSON.parse(JSON.stringify(result))), result)
      }
    }).pipe(Effect.provide(layerAgent())),
  )
})
