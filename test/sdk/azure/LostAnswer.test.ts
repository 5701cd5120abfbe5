/** A create that was done, and of which nobody heard. */
import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { layerLocal } from "formae/plugin"
import { OperationId, PluginOperator, type Properties, ResourceType, type TargetConfig } from "formae/protocol"
import * as Effect from "effect/Effect"
import { plugin } from "../../../plugins/azure/src/plugin.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { faultProxy, type Matches, onwardTo } from "../emulators/faultProxy.ts"

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

const makes: Matches = ({ method }) => method === "PUT" || method === "POST"

/** In front of a service: loses the answer of the first create. */
const losing = Effect.fnUntraced(function* (endpoint: string) {
  const proxy = yield* faultProxy(onwardTo({ endpoint }))
  return { ...proxy, lost: proxy.on(makes, { _tag: "LosesAnswer" }) }
})

/** Makes it in spite of the lost answer, and keeps it from the next operation. */
const isMadeOnce = Effect.fnUntraced(function* (
  typeName: string,
  target: TargetConfig,
  properties: Properties,
  lost: Effect.Effect<void>,
) {
  const made = yield* create(typeName, target, properties)
  yield* lost
  if (made.status === "Failed") return assert.fail(made.failure.message)
  assert.deepInclude(made.properties, properties)
  const foreign = yield* create(typeName, target, properties, "op-b")
  assert.strictEqual(foreign.status === "Failed" && foreign.failure.code, "AlreadyExists")
})

describe("a create whose answer is lost", () => {
  it.live.each([
    ["Azure::Storage::BlobContainer", "Blob", { Name: "pictures" }],
    ["Azure::Storage::Queue", "Queue", { Name: "pictures" }],
    ["Azure::Storage::Table", "Table", { Name: "pictures" }],
  ] as const)("is done once: %s", ([typeName, service, properties]) =>
    Effect.gen(function* () {
      const { connectionString } = yield* azurite
      const endpoint = new RegExp(`${service}Endpoint=(http://[^/]+)`)
      const proxy = yield* losing(endpoint.exec(connectionString)?.[1] ?? "")
      const detour = connectionString.replace(endpoint, `${service}Endpoint=${proxy.endpoint}`)
      const target = { account: developmentAccount, connectionString: detour }
      yield* isMadeOnce(typeName, target, properties, proxy.lost).pipe(Effect.provide(operator))
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("is done once: Azure::DocumentDB::SqlDatabase", () =>
    Effect.gen(function* () {
      const proxy = yield* losing((yield* cosmosdb).endpoint)
      const target = { cosmosEndpoint: proxy.endpoint, cosmosKey: "a2V5" }
      const properties = { Name: "shop" }
      yield* isMadeOnce("Azure::DocumentDB::SqlDatabase", target, properties, proxy.lost).pipe(Effect.provide(operator))
    }),
  )
})
