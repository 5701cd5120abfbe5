import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AzureEmulator, layerCosmosDb } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { listSuite } from "./listSuite.ts"
import { unmarkedSuite } from "./unmarkedSuite.ts"

layer(layerCosmosDb, { excludeTestServices: true })("Azure::DocumentDB::SqlDatabase on cosmosdb-server", (it) => {
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

  listSuite(it, calls)

  it.effect("is refused with an invalid name", () =>
    Effect.gen(function* () {
      for (const Name of ["a/b", "ends ", ""]) {
        assert.strictEqual((yield* Effect.flip((yield* calls).create({ Name }))).code, "InvalidRequest")
      }
    }),
  )
})
