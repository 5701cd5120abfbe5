/** Creates that the service carried out but whose answer was lost. */
import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { layerLocal } from "formae/plugin"
import { OperationId, PluginOperator, type Properties, ResourceType, type TargetConfig } from "formae/protocol"
import * as Effect from "effect/Effect"
import { plugin } from "../../../plugins/azure/src/plugin.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { type CallMatcher, faultProxy, forwardTo } from "../emulators/faultProxy.ts"

const operator = layerLocal(plugin, {
  settings: {
    retry: { maxRetries: 3, baseMillis: 1, capMillis: 1 },
    poll: { baseMillis: 1, factor: 1, capMillis: 1 },
    callTimeoutMillis: 10_000,
    logLevel: "Error",
  },
})

const create = (typeName: string, targetConfig: TargetConfig, properties: Properties, operationId = "op-a") =>
  Effect.flatMap(PluginOperator, ({ perform }) =>
    perform(
      {
        _tag: "Create",
        operationId: OperationId.make(operationId),
        resourceType: ResourceType.make(typeName),
        targetConfig,
        label: "it",
        properties,
      },
      () => Effect.void,
    ),
  )

const creates: CallMatcher = ({ method }) => method === "PUT" || method === "POST"

/** A proxy in front of a service, which loses the answer of the first create. */
const losingProxy = Effect.fnUntraced(function* (endpoint: string) {
  const proxy = yield* faultProxy(forwardTo({ endpoint }))
  return { ...proxy, lost: proxy.on(creates, { _tag: "LosesAnswer" }) }
})

/** Creates the resource despite the lost answer, and checks that another operation does not get it. */
const createDespiteLoss = Effect.fnUntraced(function* (
  typeName: string,
  target: TargetConfig,
  properties: Properties,
  lost: Effect.Effect<void>,
) {
  const created = yield* create(typeName, target, properties)
  yield* lost
  if (created.status === "Failed") return assert.fail(created.failure.message)
  assert.deepInclude(created.properties, properties)
  const foreign = yield* create(typeName, target, properties, "op-b")
  assert.strictEqual(foreign.status === "Failed" && foreign.failure.code, "AlreadyExists")
})

describe("a create whose answer is lost", () => {
  it.live.each([
    ["Azure::Storage::BlobContainer", "Blob", { Name: "pictures" }],
    ["Azure::Storage::Queue", "Queue", { Name: "pictures" }],
    ["Azure::Storage::Table", "Table", { Name: "pictures" }],
  ] as const)("is carried out once: %s", ([typeName, service, properties]) =>
    Effect.gen(function* () {
      const { connectionString } = yield* azurite
      const endpoint = new RegExp(`${service}Endpoint=(http://[^/]+)`)
      const proxy = yield* losingProxy(endpoint.exec(connectionString)?.[1] ?? "")
      const detour = connectionString.replace(endpoint, `${service}Endpoint=${proxy.endpoint}`)
      const target = { account: developmentAccount, connectionString: detour }
      yield* createDespiteLoss(typeName, target, properties, proxy.lost).pipe(Effect.provide(operator))
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("is carried out once: Azure::DocumentDB::SqlDatabase", () =>
    Effect.gen(function* () {
      const proxy = yield* losingProxy((yield* cosmosdb).endpoint)
      const target = { cosmosEndpoint: proxy.endpoint, cosmosKey: "a2V5" }
      const properties = { Name: "shop" }
      yield* createDespiteLoss("Azure::DocumentDB::SqlDatabase", target, properties, proxy.lost).pipe(
        Effect.provide(operator),
      )
    }),
  )
})
