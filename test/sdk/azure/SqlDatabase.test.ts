import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AzureEmulator, onCosmosDb } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { unmarkedSuite } from "./unmarkedSuite.ts"

layer(onCosmosDb, { excludeTestServices: true })("Azure::DocumentDB::SqlDatabase on cosmosdb-server", (it) => {
  const calls = Effect.map(AzureEmulator, (target) => callsOf("Azure::DocumentDB::SqlDatabase", target))

  unmarkedSuite(it, { calls, propertiesOf: (Name) => ({ Name }), nativeIdOf: (name) => name })

  it.effect("is created, read and deleted", () =>
    Effect.gen(function* () {
      const database = yield* calls
      const created = yield* database.create({ Name: "the shop" })
      assert.deepStrictEqual(created, { ...created, nativeId: created.nativeId, properties: { Name: "the shop" } })
      assert.deepStrictEqual(yield* database.read("the shop"), { Name: "the shop" })
      assert.strictEqual((yield* database.delete("the shop"))._tag, "Succeeded")
      assert.strictEqual((yield* Effect.flip(database.read("the shop"))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(database.delete("the shop"))).code, "NotFound")
    }),
  )

  it.effect("is listed, page by page", () =>
    Effect.gen(function* () {
      const database = yield* calls
      const names = ["list-a", "list-b", "list-c"]
      yield* Effect.forEach(names, (Name) => database.create({ Name }))
      const pages = yield* database.list(2)
      assert.isAbove(pages.length, 1)
      assert.isTrue(pages.every((page) => page.length <= 2))
      assert.includeMembers(pages.flat() as Array<string>, names)
    }),
  )

  it.effect("has an error for what is no name", () =>
    Effect.gen(function* () {
      for (const Name of ["a/b", "ends ", ""]) {
        assert.strictEqual((yield* Effect.flip((yield* calls).create({ Name }))).code, "InvalidRequest")
      }
    }),
  )
})
