import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AzureEmulator, layerCosmosDb } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"
import { unmarkedSuite } from "./unmarkedSuite.ts"

const database = (Name: string) =>
  Effect.flatMap(AzureEmulator, (target) => callsOf("Azure::DocumentDB::SqlDatabase", target).create({ Name }))

const propertiesOf = (Name: string, DatabaseName = "shop") => ({ DatabaseName, Name, PartitionKeyPaths: ["/tenant"] })
const orders = {
  ...propertiesOf("orders"),
  UniqueKeys: [{ paths: ["/number"] }],
  DefaultTtl: 3600,
  IndexingPolicy: {
    indexingMode: "consistent",
    automatic: true,
    includedPaths: [{ path: "/*" }],
    excludedPaths: [{ path: "/body/*" }],
    compositeIndexes: [
      [
        { path: "/name", order: "ascending" },
        { path: "/age", order: "descending" },
      ],
    ],
  },
}

const withShop = Layer.effectDiscard(database("shop")).pipe(Layer.provideMerge(layerCosmosDb))

layer(withShop, { excludeTestServices: true })("Azure::DocumentDB::SqlContainer on cosmosdb-server", (it) => {
  const calls = Effect.map(AzureEmulator, (target) => callsOf("Azure::DocumentDB::SqlContainer", target))

  unmarkedSuite(it, { calls, propertiesOf, nativeIdOf: (name) => `shop/${name}` })

  it.effect("is created, read, changed and deleted", () =>
    Effect.gen(function* () {
      const container = yield* calls
      const { nativeId } = yield* container.create(orders)
      assert.strictEqual(nativeId, "shop/orders")
      assert.deepStrictEqual(yield* container.read(nativeId), orders)

      const { DefaultTtl: _, ...kept } = orders
      const excluding = { ...kept.IndexingPolicy, excludedPaths: [{ path: "/body/*" }, { path: "/raw/*" }] }
      const desired = { ...kept, IndexingPolicy: excluding }
      const updated = yield* container.update(nativeId, desired, [{ op: "remove", path: "/DefaultTtl" }])
      assert.strictEqual(updated.nativeId, nativeId)
      assert.deepStrictEqual(updated.properties, desired)

      const { IndexingPolicy: __, ...plain } = kept
      const forAWhile = yield* container.update(nativeId, { ...plain, DefaultTtl: -1 })
      assert.deepStrictEqual(
        forAWhile.properties,
        { ...desired, DefaultTtl: -1 },
        "what is not mentioned stays the same",
      )
      const indexed = yield* container.update(nativeId, { ...plain, DefaultTtl: -1 }, [
        { op: "remove", path: "/IndexingPolicy" },
      ])
      assert.deepInclude(indexed.properties.IndexingPolicy, { includedPaths: [{ path: "/*" }], excludedPaths: [] })

      assert.strictEqual((yield* container.delete(nativeId))._tag, "Succeeded")
      assert.strictEqual((yield* Effect.flip(container.read(nativeId))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(container.update(nativeId, desired))).code, "NotFound")
      assert.strictEqual((yield* Effect.flip(container.delete(nativeId))).code, "NotFound")
    }),
  )

  it.effect("is listed database by database and page by page", () =>
    Effect.gen(function* () {
      const container = yield* calls
      yield* Effect.forEach(["list-a", "list-b", "list-c"], database)
      const ids = ["list-a/1", "list-a/2", "list-a/3", "list-c/1"]
      yield* Effect.forEach(ids, (id) => container.create(propertiesOf(id.slice(7), id.slice(0, 6))))
      const pages = yield* container.list(2)
      assert.isTrue(pages.every((page) => page.length <= 2))
      assert.sameMembers(
        pages.flat().filter((id) => id.startsWith("list-")),
        ids,
      )
    }),
  )

  it.effect("is refused in a missing database, or with settings that Cosmos DB would not keep", () =>
    Effect.gen(function* () {
      const container = yield* calls
      assert.strictEqual((yield* Effect.flip(container.create(propertiesOf("orders", "nowhere")))).code, "NotFound")
      for (const [wrong, where] of [
        [{ PartitionKeyPaths: [] }, "PartitionKeyPaths"],
        [{ PartitionKeyPaths: ["tenant"] }, "PartitionKeyPaths[0]"],
        [{ DefaultTtl: 0 }, "DefaultTtl"],
        [{ IndexingPolicy: { indexingMode: "none", excludedPaths: [{ path: `/"_etag"/?` }] } }, "excludedPaths[0]"],
      ] as const) {
        const refused = yield* Effect.flip(container.create({ ...propertiesOf("wrong"), ...wrong }))
        assert.strictEqual(refused.code, "InvalidRequest")
        assert.include(refused.message, where)
      }
    }),
  )
})
