import { createServer } from "node:http"
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob"
import { assert, describe, it, vi } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { OperationId, type Properties, ResourceType, type TargetConfig } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { AzureClients } from "../../../plugins/azure/src/AzureClients.ts"
import { plugin } from "../../../plugins/azure/src/plugin.ts"
import { azurite, developmentAccount as account, developmentKey } from "../emulators/azurite.ts"
import { listenOnFreePort } from "../emulators/listenOnFreePort.ts"
import { silence } from "../emulators/silence.ts"
import { layerPlugin } from "./AzureEmulator.ts"
import { callsOf } from "./callsOf.ts"

const key = "c2VjcmV0IG9mIHRoZSBhY2NvdW50"
const storageTypes = [
  ["Azure::Storage::BlobContainer", { Name: "pictures" }],
  ["Azure::Storage::Blob", { ContainerName: "pictures", Name: "cat", Content: "meow" }],
  ["Azure::Storage::Queue", { Name: "pictures" }],
  ["Azure::Storage::Table", { Name: "pictures" }],
] as const
const cosmosTypes = [
  ["Azure::DocumentDB::SqlDatabase", { Name: "shop" }],
  ["Azure::DocumentDB::SqlContainer", { DatabaseName: "shop", Name: "orders", PartitionKeyPaths: ["/id"] }],
] as const

const connectionStringTo = (url: string, accountKey = key) =>
  ["DefaultEndpointsProtocol=http", `AccountName=${account}`, `AccountKey=${accountKey}`]
    .concat(["Blob", "Queue", "Table"].map((service) => `${service}Endpoint=${url}/${account}`))
    .join(";")

const createWith = (typeName: string, targetConfig: TargetConfig, properties: Properties) =>
  callsOf(typeName, targetConfig).create(properties)

const closedPort = Effect.scoped(listenOnFreePort(createServer()))

describe("the clients of Azure", () => {
  it.live("are shared by calls to the same service and target", () =>
    Effect.gen(function* () {
      const { blobs, cosmos } = yield* AzureClients
      const client = (port: number, service = blobs) =>
        service({ account, connectionString: Redacted.make(connectionStringTo(`http://127.0.0.1:${port}`)) })((found) =>
          Promise.resolve(found),
        )
      const first = yield* client(1)
      assert.strictEqual(yield* client(1), first)
      assert.notStrictEqual(yield* client(2), first)
      const cosmosEndpoint = "http://127.0.0.1:1"
      const database = cosmos({ cosmosEndpoint, cosmosKey: Redacted.make(key) })((found) => Promise.resolve(found))
      assert.strictEqual(yield* database, yield* database)
    }).pipe(Effect.provide(AzureClients.layer)),
  )

  it.live("are disposed of with their scope", () =>
    Effect.gen(function* () {
      const client = yield* Effect.gen(function* () {
        const { cosmos } = yield* AzureClients
        const target = { cosmosEndpoint: "http://127.0.0.1:1", cosmosKey: Redacted.make(key) }
        const found = yield* cosmos(target)((client) => Promise.resolve(client))
        const dispose = vi.spyOn(found, "dispose")
        return { dispose }
      }).pipe(Effect.provide(AzureClients.layer, { local: true }))
      assert.strictEqual(client.dispose.mock.calls.length, 1)
    }),
  )

  it.live("hang up when the operation is interrupted", () =>
    Effect.gen(function* () {
      const { endpoint, hungUp, requested } = yield* silence
      const target = { account, connectionString: connectionStringTo(endpoint) }
      const listing = yield* callsOf("Azure::Storage::Queue", target).list(1).pipe(Effect.forkScoped)
      yield* requested
      yield* Fiber.interrupt(listing)
      yield* hungUp.pipe(Effect.timeout("2 seconds"))
    }).pipe(Effect.provide(layerPlugin)),
  )
})

describe("an attempt to reach Azure", () => {
  it.live.each(storageTypes)("is made once and reports that the connection was refused: %s", ([typeName, properties]) =>
    Effect.gen(function* () {
      const port = yield* closedPort
      const connectionString = connectionStringTo(`http://127.0.0.1:${port}`)
      const refused = yield* Effect.flip(createWith(typeName, { account, connectionString }, properties))
      assert.strictEqual(refused.code, "NetworkFailure")
      assert.include(refused.message, "ECONNREFUSED")
      assert.notInclude(refused.message, key)
    }).pipe(Effect.provide(layerPlugin)),
  )

  it.live.each(cosmosTypes)("is made once and reports that the connection was refused: %s", ([typeName, properties]) =>
    Effect.gen(function* () {
      const target = { cosmosEndpoint: `http://127.0.0.1:${yield* closedPort}`, cosmosKey: key }
      const refused = yield* Effect.flip(createWith(typeName, target, properties))
      assert.strictEqual(refused.code, "NetworkFailure")
      assert.include(refused.message, "ECONNREFUSED")
      assert.notInclude(refused.message, key)
    }).pipe(Effect.provide(layerPlugin)),
  )

  /** Asks for a retry, in each of the ways that the SDKs obey. */
  const retryHeaders = { "retry-after": "0", "retry-after-ms": "1", "x-ms-retry-after-ms": "1" }

  /** A service that refuses every request with this status, and records them. */
  const refusingService = (status: number) =>
    Effect.gen(function* () {
      const requests: Array<string> = []
      const port = yield* listenOnFreePort(
        createServer((request, response) => {
          requests.push(`${request.method} ${request.url}`)
          request.resume()
          response
            .writeHead(status, { "content-type": "application/json", ...retryHeaders })
            .end(`{"message":"not now"}`)
        }),
      )
      return { requests, url: `http://127.0.0.1:${port}` }
    })

  it.live.each([
    [429, "Throttling"],
    [500, "ServiceInternalError"],
    [503, "ServiceInternalError"],
  ] as const)("is made once if the service answers %s", ([status, code]) =>
    Effect.gen(function* () {
      for (const [typeName, properties] of [...storageTypes, ...cosmosTypes]) {
        const { requests, url } = yield* refusingService(status)
        const target = { account, connectionString: connectionStringTo(url), cosmosEndpoint: url, cosmosKey: key }
        const refused = yield* Effect.flip(createWith(typeName, target, properties))
        assert.strictEqual(refused.code, code, typeName)
        assert.lengthOf(requests, 1, `${typeName}: ${requests.join(", ")}`)
      }
    }).pipe(Effect.provide(layerPlugin)),
  )
})

describe("the credentials for Azure", () => {
  it.live("may be a wrong key, which is reported but not shown", () =>
    Effect.gen(function* () {
      const { connectionString } = yield* azurite
      for (const [typeName, properties] of storageTypes) {
        const wrong = { account, connectionString: connectionString.replace(developmentKey, key) }
        const refused = yield* Effect.flip(createWith(typeName, wrong, properties))
        assert.include(["InvalidCredentials", "AccessDenied"], refused.code, typeName)
        assert.notInclude(refused.message, key)
        assert.notInclude(refused.message, "SharedKey")
      }
    }).pipe(Effect.provide(Layer.merge(layerPlugin, NodeServices.layer))),
  )

  it.live("may be a shared access signature, which is not shown", () =>
    Effect.gen(function* () {
      const { connectionString } = yield* azurite
      const signature = generateAccountSASQueryParameters(
        {
          expiresOn: new Date("2100-01-01"),
          permissions: AccountSASPermissions.parse("rwdlacup"),
          resourceTypes: AccountSASResourceTypes.parse("sco").toString(),
          services: AccountSASServices.parse("bqt").toString(),
        },
        new StorageSharedKeyCredential(account, developmentKey),
      ).toString()
      const endpoints = connectionString.split(";").filter((part) => /^\w+Endpoint=/.test(part))
      const target = { account, connectionString: [...endpoints, `SharedAccessSignature=${signature}`].join(";") }
      for (const [typeName, properties] of storageTypes) {
        const calls = callsOf(typeName, target)
        const created = yield* calls.create(properties)
        assert.match(String(created.properties.Url), /\/devstoreaccount1\/pictures(\/cat)?$/)
        const refused = yield* Effect.flip(calls.create(properties, "op-2"))
        assert.strictEqual(refused.code, "AlreadyExists")
        assert.notMatch(refused.message, /sig=/)
      }
    }).pipe(Effect.provide(Layer.merge(layerPlugin, NodeServices.layer))),
  )

  it.live("may be missing, which is reported", () =>
    Effect.gen(function* () {
      vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.unstubAllEnvs()))
      for (const [typeName, properties] of [storageTypes[0], cosmosTypes[0]]) {
        const target = { account: "nobody", cosmosEndpoint: "https://127.0.0.1:1" }
        const refused = yield* Effect.flip(createWith(typeName, target, properties))
        assert.strictEqual(refused.code, "InvalidCredentials", refused.message)
      }
    }).pipe(Effect.provide(layerPlugin)),
  )
})

describe("the target of an Azure resource", () => {
  const create = (typeName: string, targetConfig: TargetConfig) => {
    const resourceType = ResourceType.make(typeName)
    const definition = plugin.types.get(resourceType)
    const operationId = OperationId.make("op-1")
    const properties = { Name: "pictures" }
    return (
      definition?.create({ operationId, resourceType, targetConfig, label: "it", properties }) ?? Effect.die(typeName)
    )
  }

  it.live.each([
    [{}, "account"],
    [{ account: "another", connectionString: connectionStringTo("http://127.0.0.1:1") }, "connectionString"],
    [{ account, connectionString: `AccountName=${account};AccountKey=${key}` }, "connectionString"],
    [{ account, connectionString: key }, "connectionString"],
    [{ account, connectionString: "" }, "connectionString"],
    [{ account, connectionString: [key] }, "connectionString"],
    [{ account, key }, "key"],
  ] as const)("%j is refused for its %s", ([config, field]) =>
    Effect.gen(function* () {
      for (const typeName of ["Azure::Storage::BlobContainer", "Azure::Storage::Queue", "Azure::Storage::Table"]) {
        const refused = yield* Effect.flip(create(typeName, config))
        assert.strictEqual(refused.code, "InvalidRequest", refused.message)
        assert.include(refused.message, field)
        assert.notInclude(refused.message, key)
      }
    }).pipe(Effect.provide(layerPlugin)),
  )

  it.live.each([
    [{ account }, "cosmosEndpoint"],
    [{ cosmosEndpoint: "shop.documents.azure.com" }, "cosmosEndpoint"],
    [{ cosmosEndpoint: "https://", cosmosKey: key }, "cosmosEndpoint"],
    [{ cosmosEndpoint: "https://127.0.0.1:1", cosmosKey: { key } }, "cosmosKey"],
  ] as const)("%j is refused for its %s", ([config, field]) =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(create("Azure::DocumentDB::SqlDatabase", config))
      assert.strictEqual(refused.code, "InvalidRequest", refused.message)
      assert.include(refused.message, field)
      assert.notInclude(refused.message, key)
    }).pipe(Effect.provide(layerPlugin)),
  )
})
