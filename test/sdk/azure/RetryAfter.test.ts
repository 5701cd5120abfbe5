/** What the SDKs make of an answer that asks to wait. */
import { assert, describe, it } from "@effect/vitest"
import { NativeId, OperationId, ResourceType, type TargetConfig } from "formae/protocol"
import * as Effect from "effect/Effect"
import { plugin } from "../../../plugins/azure/src/plugin.ts"
import { developmentAccount as account } from "../emulators/azurite.ts"
import { faultProxy, type ServiceAnswer } from "../emulators/faultProxy.ts"
import { layerPlugin } from "./AzureEmulator.ts"

const key = "c2VjcmV0IG9mIHRoZSBhY2NvdW50"

const storageBusy: ServiceAnswer = {
  status: 503,
  headers: { "x-ms-error-code": "ServerBusy", "retry-after": "7" },
  body: "",
}
const tablesBusy: ServiceAnswer = {
  status: 503,
  headers: { "content-type": "application/json", "retry-after": "7" },
  body: '{"odata.error":{"code":"ServerBusy","message":{"value":"busy"}}}',
}
const cosmosBusy: ServiceAnswer = {
  status: 429,
  headers: { "content-type": "application/json", "x-ms-retry-after-ms": "250", "x-ms-substatus": "3200" },
  body: '{"code":"429","message":"Request rate is large"}',
}

const storageAt = (url: string): TargetConfig => ({
  connectionString: ["DefaultEndpointsProtocol=http", `AccountName=${account}`, `AccountKey=${key}`]
    .concat(["Blob", "Queue", "Table"].map((service) => `${service}Endpoint=${url}/${account}`))
    .join(";"),
})
const cosmosAt = (cosmosEndpoint: string): TargetConfig => ({ cosmosEndpoint, cosmosKey: key })

describe("a service that asks to wait", () => {
  it.live.each([
    ["Azure::Storage::BlobContainer", "pictures", storageBusy, storageAt, 7_000],
    ["Azure::Storage::Queue", "pictures", storageBusy, storageAt, 7_000],
    ["Azure::Storage::Table", "pictures", tablesBusy, storageAt, 7_000],
    ["Azure::DocumentDB::SqlDatabase", "shop", cosmosBusy, cosmosAt, 250],
  ] as const)("is a Throttling with that time: %s", ([type, nativeId, answer, targetAt, retryAfterMillis]) =>
    Effect.gen(function* () {
      const { endpoint } = yield* faultProxy(() => Effect.succeed(answer))
      const read = plugin.types.get(ResourceType.make(type))!.read({
        operationId: OperationId.make("op"),
        resourceType: ResourceType.make(type),
        targetConfig: targetAt(endpoint),
        label: "it",
        nativeId: NativeId.make(nativeId),
      })
      const refused = yield* Effect.flip(read)
      assert.deepEqual([refused.code, refused.retryAfterMillis], ["Throttling", retryAfterMillis], refused.message)
    }).pipe(Effect.provide(layerPlugin)),
  )
})
