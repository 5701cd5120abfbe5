import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { inspect } from "node:util"
import { plugin } from "../../../plugins/azure/src/plugin.ts"
import { type Identification, placeOfTarget } from "../../../src/protocol/Identification.ts"
import { OperationId } from "../../../src/protocol/Identity.ts"
import type { ProviderError } from "../../../src/plugin/Answer.ts"
import { accountOf, StorageTarget } from "../../../plugins/azure/src/Target.ts"

describe("the account of a connection string", () => {
  it.for([
    ["DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=a2V5;EndpointSuffix=core.windows.net", "shop"],
    ["accountname=shop;AccountKey=a2V5", "shop"],
    ["AccountName = Shop ;AccountKey=a2V5", "shop"],
    ["UseDevelopmentStorage=true", "devstoreaccount1"],
    ["BlobEndpoint=https://shop.blob.core.windows.net/;SharedAccessSignature=sig", "shop"],
    ["TableEndpoint=https://shop.table.core.chinacloudapi.cn/;SharedAccessSignature=sig", "shop"],
    ["BlobEndpoint=https://SHOP.blob.core.windows.net/;SharedAccessSignature=sig", "shop"],
    ["BlobEndpoint = https://shop.z01.blob.storage.azure.net/;SharedAccessSignature=sig", "shop"],
    [
      "BlobEndpoint=https://shop.blob.core.windows.net/;BlobSecondaryEndpoint=https://shop-secondary.blob.core.windows.net/",
      "shop",
    ],
    ["AccountName=shop;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:10000/shop", "shop"],
    ["BlobEndpoint=https://files.example.com/;SharedAccessSignature=sig", undefined],
    ["AccountName=my_shop;AccountKey=a2V5", undefined],
    ["BlobEndpoint=https://shop.blob.core.windows.net/;QueueEndpoint=https://other.queue.core.windows.net/", undefined],
    ["AccountName=shop;BlobEndpoint=https://other.blob.core.windows.net/", undefined],
    ["", undefined],
  ] as const)("%s: %s", ([text, account]) => {
    assert.strictEqual(accountOf(text), account)
  })
})

describe("a target", () => {
  const config = { account: "shop", connectionString: "AccountName=shop;AccountKey=hunter2", cosmosKey: "hunter3" }
  const decoded = Schema.decodeEffect(StorageTarget)(config)

  it.effect("shows no secret when it is printed", () =>
    Effect.gen(function* () {
      const target = yield* decoded
      for (const text of [JSON.stringify(target), String(target), inspect(target, { depth: 9 })]) {
        assert.notMatch(text, /hunter/)
      }
    }),
  )

  it.effect("equals another target with the same secret, so that its client is reused", () =>
    Effect.gen(function* () {
      assert.isTrue(Equal.equals(yield* decoded, yield* decoded))
    }),
  )

  it("is another place if its account differs, but not if only a key differs", () => {
    const places = [...plugin.types.values()].map(({ capabilities }) => [
      capabilities.type.split("::")[1],
      capabilities.targetIdentity,
    ])
    assert.deepEqual(places, [
      ["Storage", ["account"]],
      ["Storage", ["account"]],
      ["Storage", ["account"]],
      ["Storage", ["account"]],
      ["DocumentDB", ["cosmosEndpoint"]],
      ["DocumentDB", ["cosmosEndpoint"]],
    ])
  })

  it("requires the account that its type needs, and text for each secret", () => {
    for (const { capabilities } of plugin.types.values()) {
      const { properties, required } = capabilities.targetSchema as {
        readonly properties: Readonly<Record<string, { readonly type?: string }>>
        readonly required?: ReadonlyArray<string>
      }
      // A connection string may name the account.
      assert.deepEqual(
        required ?? [],
        capabilities.targetIdentity.includes("account") ? [] : capabilities.targetIdentity,
      )
      assert.deepEqual(capabilities.targetSecrets, ["connectionString", "cosmosKey"])
      assert.strictEqual(properties.connectionString?.type, "string")
      assert.strictEqual(properties.cosmosKey?.type, "string")
    }
  })

  it.effect("may leave out the account that its connection string names, and is the same place then", () =>
    Effect.gen(function* () {
      const { connectionString } = config
      const place = (target: object) => {
        const queue = [...plugin.types.values()].find(
          ({ capabilities }) => capabilities.type === "Azure::Storage::Queue",
        )
        if (queue === undefined) return Effect.die("there are no queues")
        const { type: resourceType } = queue.capabilities
        const request = { operationId: OperationId.make("op"), resourceType, targetConfig: { ...target } }
        return Effect.map(
          queue.identify(request) as Effect.Effect<Identification, ProviderError>,
          (found) => found.place,
        )
      }
      const stated = yield* place(config)
      assert.strictEqual(yield* place({ connectionString }), stated)
      // A rotated string may be written in another way.
      for (const other of ["AccountName=Shop;AccountKey=bmV3", "AccountKey=bmV3; AccountName = shop "]) {
        assert.strictEqual(yield* place({ connectionString: other }), stated)
        assert.strictEqual(yield* place({ ...config, connectionString: other }), stated)
      }
      assert.strictEqual(stated, placeOfTarget(config, { targetIdentity: ["account"], targetSecrets: [] }))
      assert.notStrictEqual(yield* place({ connectionString: "AccountName=other;AccountKey=a2V5" }), stated)
      const unnamed = yield* Effect.flip(place({ connectionString: "BlobEndpoint=https://files.example.com/" }))
      assert.include(unnamed.message, "Expected the account, or a connectionString that names it")
      const several = "AccountName=shop;QueueEndpoint=https://other.queue.core.windows.net/"
      for (const target of [{ connectionString: several }, { ...config, connectionString: several }]) {
        const { message } = yield* Effect.flip(place(target))
        assert.include(message, "Expected a connectionString of one storage account; it names shop and other")
      }
      const unfit = "AccountName=hunter_2;AccountKey=a2V5"
      for (const target of [{ connectionString: unfit }, { ...config, connectionString: unfit }]) {
        const { message } = yield* Effect.flip(place(target))
        assert.include(message, "Expected the name of a storage account in the connectionString")
        assert.notInclude(message, "hunter")
      }
      assert.include((yield* Effect.flip(place({}))).message, "Expected the account")
      assert.include(
        (yield* Effect.flip(place({ ...config, account: "other" }))).message,
        "of the account that the target names",
      )
    }),
  )
})
