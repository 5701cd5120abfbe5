/** The bundle of the plugin that a build makes, in a folder without node_modules. */
import { assert, describe, it, vi } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import { PluginCoordinator } from "../../../src/agent/index.ts"
import { pluginsFolder } from "../../bundles/folders.ts"
import { callsOn, operatorOf } from "../../process/clouds.ts"
import { azurite, developmentAccount } from "../emulators/azurite.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"

const resources = [
  ["Azure::Storage::BlobContainer", { Name: "pictures" }],
  ["Azure::Storage::Blob", { ContainerName: "pictures", Name: "cat", Content: "meow" }],
  ["Azure::Storage::Queue", { Name: "orders" }],
  ["Azure::Storage::Table", { Name: "orders" }],
  ["Azure::DocumentDB::SqlDatabase", { Name: "shop" }],
  ["Azure::DocumentDB::SqlContainer", { DatabaseName: "shop", Name: "orders", PartitionKeyPaths: ["/id"] }],
] as const

/** A folder that contains only the bundle. */
const bundleFolder = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const plugins = yield* fs.makeTempDirectoryScoped({ prefix: "formae-azure-" })
  const plugin = path.join(plugins, "azure")
  const source = path.join(pluginsFolder, "azure")
  const files = yield* fs.readDirectory(source)
  assert.sameMembers(files, ["LICENSES.txt", "chunks", "formae-plugin.json", "main.mjs"])
  for (const file of files) yield* fs.copy(path.join(source, file), path.join(plugin, file))
  return plugins
})

describe("the Azure plugin as a bundle", () => {
  it.live(
    "answers the handshake, and reaches each of its services",
    () =>
      Effect.gen(function* () {
        vi.stubEnv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
        yield* Effect.addFinalizer(() => Effect.sync(() => vi.unstubAllEnvs()))
        const plugins = yield* bundleFolder
        const { connectionString } = yield* azurite
        const target = {
          account: developmentAccount,
          connectionString,
          cosmosEndpoint: (yield* cosmosdb).endpoint,
          cosmosKey: "a2V5",
        }
        yield* Effect.gen(function* () {
          const types = yield* PluginCoordinator.use(({ capabilities }) => capabilities("Azure"))
          assert.sameMembers(
            [...types.keys()].map(String),
            resources.map(([type]) => type),
          )
          const operator = yield* operatorOf("Azure")
          for (const [type, properties] of resources) {
            const created = yield* callsOn(operator, type, target).create(properties)
            if (created.status === "Failed") return assert.fail(`${type}: ${created.failure.message}`)
            assert.deepInclude(created.properties, properties)
          }
        }).pipe(Effect.provide(PluginCoordinator.layerProcesses([plugins]).pipe(Layer.provide(NodeServices.layer))))
      }).pipe(Effect.provide(NodeServices.layer)),
    120_000,
  )
})
