/** The plugin of Azure, on emulators from npm, does what the protocol says. */
import { describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { azurite } from "../../sdk/emulators/azurite.ts"
import { cosmosdb } from "../../sdk/emulators/cosmosdb.ts"
import { silence } from "../../sdk/emulators/silence.ts"
import { conforms, folderOf, samplesAt } from "./conforms.ts"

const directory = folderOf("plugins/azure")

describe("the plugin of plugins/azure", () => {
  it.live(
    "conforms",
    () =>
      Effect.gen(function* () {
        const { connectionString } = yield* azurite
        const { endpoint: cosmosEndpoint } = yield* cosmosdb
        const { endpoint } = yield* silence
        const samples = yield* samplesAt(directory, () => ({ connectionString, cosmosEndpoint }), {
          type: "Azure::DocumentDB::SqlDatabase",
          target: { cosmosEndpoint: endpoint },
        })
        yield* conforms({ directory, samples }, { types: 6 })
      }).pipe(Effect.provide(NodeServices.layer)),
    120_000,
  )
})
