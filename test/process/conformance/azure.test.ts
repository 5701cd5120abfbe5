/** The plugin of Azure, on emulators from npm, does what the protocol says. */
import { describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { pluginsFolder } from "../../bundles/folders.ts"
import { azurite } from "../../sdk/emulators/azurite.ts"
import { cosmosdb } from "../../sdk/emulators/cosmosdb.ts"
import { silence } from "../../sdk/emulators/silence.ts"
import { conforms, folderOf, samplesAt } from "./conforms.ts"

/** As it is built. */
const directory = join(pluginsFolder, "azure")

describe("the plugin of plugins/azure", () => {
  it.live(
    "conforms",
    () =>
      Effect.gen(function* () {
        const { connectionString } = yield* azurite
        const { endpoint: cosmosEndpoint } = yield* cosmosdb
        const { endpoint } = yield* silence
        const samples = yield* samplesAt(folderOf("plugins/azure"), () => ({ connectionString, cosmosEndpoint }), {
          type: "Azure::DocumentDB::SqlDatabase",
          target: { cosmosEndpoint: endpoint },
        })
        yield* conforms({ directory, samples }, { types: 6 })
      }).pipe(Effect.provide(NodeServices.layer)),
    120_000,
  )
})
