import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AzureEmulator, onAzurite } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"

layer(onAzurite, { excludeTestServices: true })("Azure::Storage::Queue on azurite", (it) => {
  const calls = Effect.map(AzureEmulator, (target) => callsOf("Azure::Storage::Queue", target))

  it.effect("is created, read, changed and deleted", () =>
    Effect.gen(function* () {
      const queue = yield* calls
      const properties = { Name: "orders", Metadata: { team: "orders", cost: "shop" } }
      const created = yield* queue.create(properties)
      assert.strictEqual(created.nativeId, "orders")
      const { Url = null, ...set } = yield* queue.read("orders")
      assert.match(String(Url), /\/devstoreaccount1\/orders$/)
      assert.deepStrictEqual(set, properties)

      const desired = { Name: "orders", Metadata: { team: "shipping" } }
      const updated = yield* queue.update("orders", desired)
      assert.deepStrictEqual(updated, { ...updated, nativeId: created.nativeId, properties: { ...desired, Url } })
      yield* queue.update("orders", { Name: "orders" }, [{ op: "remove", path: "/Metadata" }])
      assert.deepStrictEqual(yield* queue.read("orders"), { Name: "orders", Url })
      assert.strictEqual((yield* queue.create(properties)).nativeId, "orders", "still known as our own")

      assert.strictEqual((yield* queue.delete("orders"))._tag, "Succeeded")
      assert.strictEqual((yield* Effect.flip(queue.read("orders"))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(queue.delete("orders"))).code, "NotFound")
    }),
  )

  it.effect("is not taken over from another operation, also where that one asked for the same", () =>
    Effect.gen(function* () {
      const queue = yield* calls
      assert.deepStrictEqual(yield* queue.recover({ Name: "basket" }, "op-a"), { status: "NotStarted" })
      const first = yield* queue.create({ Name: "basket" }, "op-a")
      assert.deepStrictEqual(yield* queue.create({ Name: "basket" }, "op-a"), first)
      const foreign = yield* Effect.flip(queue.create({ Name: "basket" }, "op-b"))
      assert.strictEqual(foreign.code, "AlreadyExists")
      assert.isUndefined(foreign.nativeId)
      const { nativeId, properties } = first
      assert.deepStrictEqual(yield* queue.recover({ Name: "basket" }, "op-a"), { status: "Done", nativeId, properties })
      assert.deepStrictEqual(yield* queue.recover({ Name: "basket" }, "op-b"), { status: "NotStarted" })
    }),
  )

  it.effect("is listed, page by page", () =>
    Effect.gen(function* () {
      const queue = yield* calls
      const names = ["list-a", "list-b", "list-c"]
      yield* Effect.forEach(names, (Name) => queue.create({ Name }))
      const pages = yield* queue.list(2)
      assert.isAbove(pages.length, 1)
      assert.isTrue(pages.every((page) => page.length <= 2))
      assert.includeMembers(pages.flat() as Array<string>, names)
    }),
  )

  it.effect("has an error for what is no name", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip((yield* calls).create({ Name: "No_Queue" }))
      assert.strictEqual(refused.code, "InvalidRequest")
      assert.include(refused.message, "Name")
    }),
  )
})
