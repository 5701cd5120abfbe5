/** The layers of a suite of tests: an emulator of Azure and the plugin's clients. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import type { TargetConfig } from "formae/protocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plugin } from "../../../plugins/azure/src/plugin.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"

/** The config of a target on the emulator. */
export class AzureEmulator extends Context.Service<AzureEmulator, TargetConfig>()(
  "formae/test/sdk/azure/AzureEmulator",
) {}

/** The plugin without settings. */
export const layerPlugin = plugin.layerOf(undefined)

export const layerAzurite = Layer.merge(
  Layer.effect(
    AzureEmulator,
    Effect.map(azurite, ({ connectionString }) => ({ account: developmentAccount, connectionString })),
  ).pipe(Layer.provide(NodeServices.layer)),
  layerPlugin,
)

export const cosmosKey = "cGFzc3dvcmQgb2YgYW4gYWNjb3VudA=="

export const layerCosmosDb = Layer.merge(
  Layer.effect(
    AzureEmulator,
    Effect.map(cosmosdb, ({ endpoint }) => ({ cosmosEndpoint: endpoint, cosmosKey })),
  ),
  layerPlugin,
)
