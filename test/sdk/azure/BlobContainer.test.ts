import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AzureEmulator, layerAzurite } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { listSuite } from "./listSuite.ts"
import { markedSuite } from "./markedSuite.ts"

layer(layerAzurite, { excludeTestServices: true })("Azure::Storage::BlobContainer on azurite", (it) => {
  const calls = Effect.map(AzureEmulator, (target) => callsOf("Azure::Storage::BlobContainer", target))

  it.effect("is created, read, changed and deleted", () =>
    Effect.gen(function* () {
      const container = yield* calls
      const properties = { Name: "pictures", PublicAccess: "Blob", Metadata: { team: "orders", cost: "shop" } }
      const created = yield* container.create(properties)
      assert.strictEqual(created.nativeId, "pictures")
      const { Url = null, ...set } = yield* container.read("pictures")
      assert.match(String(Url), /\/devstoreaccount1\/pictures$/)
      assert.deepStrictEqual(set, properties)

      const desired = { Name: "pictures", Metadata: { team: "shipping" } }
      const updated = yield* container.update("pictures", desired, [{ op: "remove", path: "/PublicAccess" }])
      assert.strictEqual(updated.nativeId, "pictures")
      assert.deepStrictEqual(updated.properties, { ...desired, PublicAccess: "None", Url })
      yield* container.update("pictures", { Name: "pictures" }, [{ op: "remove", path: "/Metadata" }])
      assert.deepStrictEqual(yield* container.read("pictures"), { Name: "pictures", PublicAccess: "None", Url })
      assert.strictEqual(
        (yield* container.create({ Name: "pictures" })).nativeId,
        "pictures",
        "still recognized as our own",
      )

      assert.deepStrictEqual((yield* container.delete("pictures"))._tag, "Succeeded")
      assert.strictEqual((yield* Effect.flip(container.read("pictures"))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(container.delete("pictures"))).code, "NotFound")
    }),
  )

  markedSuite(it, {
    calls,
    properties: { Name: "basket" },
    foreign: { Name: "basket", PublicAccess: "Blob" },
  })

  listSuite(it, calls)

  it.effect("is refused with an invalid name, or with metadata that would not be read back unchanged", () =>
    Effect.gen(function* () {
      const container = yield* calls
      for (const [properties, where] of [
        [{ Name: "No_Container" }, "Name"],
        [{ Name: "double--dash" }, "Name"],
        [{ Name: "fine", Metadata: { Team: "orders" } }, "Metadata"],
        [{ Name: "fine", Metadata: { formae_operation_id: "op-b" } }, "Metadata"],
        [{ Name: "fine", Metadata: { team: " spaced " } }, "Metadata"],
        [{ Name: "fine", PublicAccess: "All" }, "PublicAccess"],
      ] as const) {
        const refused = yield* Effect.flip(container.create(properties))
        assert.strictEqual(refused.code, "InvalidRequest")
        assert.include(refused.message, where)
      }
    }),
  )
})
