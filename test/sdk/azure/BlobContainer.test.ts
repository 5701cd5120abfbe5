import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AzureEmulator, onAzurite } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"

layer(onAzurite, { excludeTestServices: true })("Azure::Storage::BlobContainer on azurite", (it) => {
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
      assert.strictEqual((yield* container.create({ Name: "pictures" })).nativeId, "pictures", "still known as our own")

      assert.deepStrictEqual((yield* container.delete("pictures"))._tag, "Succeeded")
      assert.strictEqual((yield* Effect.flip(container.read("pictures"))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(container.delete("pictures"))).code, "NotFound")
    }),
  )

  it.effect("is not taken over from another operation", () =>
    Effect.gen(function* () {
      const container = yield* calls
      assert.deepStrictEqual(yield* container.recover({ Name: "basket" }, "op-a"), { status: "NotStarted" })
      const first = yield* container.create({ Name: "basket" }, "op-a")
      assert.deepStrictEqual(yield* container.create({ Name: "basket" }, "op-a"), first)
      const foreign = yield* Effect.flip(container.create({ Name: "basket", PublicAccess: "Blob" }, "op-b"))
      assert.strictEqual(foreign.code, "AlreadyExists")
      assert.isUndefined(foreign.nativeId)
      assert.deepStrictEqual(yield* container.read("basket"), first.properties)
      const { nativeId, properties } = first
      assert.deepStrictEqual(yield* container.recover({ Name: "basket" }, "op-a"), {
        status: "Done",
        nativeId,
        properties,
      })
      assert.deepStrictEqual(yield* container.recover({ Name: "basket" }, "op-b"), { status: "NotStarted" })
    }),
  )

  it.effect("is listed, page by page", () =>
    Effect.gen(function* () {
      const container = yield* calls
      const names = ["list-a", "list-b", "list-c"]
      yield* Effect.forEach(names, (Name) => container.create({ Name }))
      const pages = yield* container.list(2)
      assert.isAbove(pages.length, 1)
      assert.isTrue(pages.every((page) => page.length <= 2))
      assert.includeMembers(pages.flat() as Array<string>, names)
    }),
  )

  it.effect("has an error for what is no name, and for metadata that would not come back as it is", () =>
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
