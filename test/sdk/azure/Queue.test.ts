import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AzureEmulator, layerAzurite } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { listSuite } from "./listSuite.ts"
import { markedSuite } from "./markedSuite.ts"

layer(layerAzurite, { excludeTestServices: true })("Azure::Storage::Queue on azurite", (it) => {
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
      assert.strictEqual((yield* queue.create(properties)).nativeId, "orders", "still recognized as our own")

      assert.strictEqual((yield* queue.delete("orders"))._tag, "Succeeded")
      assert.strictEqual((yield* Effect.flip(queue.read("orders"))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(queue.delete("orders"))).code, "NotFound")
    }),
  )

  markedSuite(it, { calls, properties: { Name: "basket" }, foreign: { Name: "basket" } })

  listSuite(it, calls)

  it.effect("is refused with an invalid name", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip((yield* calls).create({ Name: "No_Queue" }))
      assert.strictEqual(refused.code, "InvalidRequest")
      assert.include(refused.message, "Name")
    }),
  )
})
