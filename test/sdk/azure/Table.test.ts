import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AzureEmulator, layerAzurite } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { unmarkedSuite } from "./unmarkedSuite.ts"

layer(layerAzurite, { excludeTestServices: true })("Azure::Storage::Table on azurite", (it) => {
  const calls = Effect.map(AzureEmulator, (target) => callsOf("Azure::Storage::Table", target))

  unmarkedSuite(it, { calls, propertiesOf: (Name) => ({ Name }), nativeIdOf: (name) => name })

  it.effect("is created, read and deleted", () =>
    Effect.gen(function* () {
      const table = yield* calls
      const { nativeId } = yield* table.create({ Name: "Orders" })
      assert.strictEqual(nativeId, "Orders")
      const { Name, Url } = yield* table.read(nativeId)
      assert.strictEqual(Name, "Orders")
      assert.match(String(Url), /^http:\/\/127\.0\.0\.1:\d+\/devstoreaccount1\/Orders$/)
      assert.strictEqual((yield* table.delete(nativeId))._tag, "Succeeded")
      assert.strictEqual((yield* Effect.flip(table.read(nativeId))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(table.delete(nativeId))).code, "NotFound")
    }),
  )

  it.effect("is listed", () =>
    Effect.gen(function* () {
      const table = yield* calls
      const names = ["lista", "listb", "listc"]
      yield* Effect.forEach(names, (Name) => table.create({ Name }))
      const pages = yield* table.list(2)
      assert.isAbove(pages.length, 1)
      assert.includeMembers(pages.flat() as Array<string>, names)
    }),
  )

  it.effect("is refused with an invalid name", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* Effect.flip((yield* calls).create({ Name: "no-table" }))).code, "InvalidRequest")
    }),
  )
})
