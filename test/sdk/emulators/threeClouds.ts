/** All emulators that `examples/three-clouds.yaml` needs, and the document as they can be reached. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { azurite } from "./azurite.ts"
import { cosmosdb } from "./cosmosdb.ts"
import { dynalite } from "./dynalite.ts"
import { fauxqs } from "./fauxqs.ts"

/** How long a table takes to become active: long enough to be noticed. */
const tableMillis = 600

/** Where the emulators of Azure listen by default. Here they listen on free ports. */
const defaults = { storage: "UseDevelopmentStorage=true", cosmos: "http://127.0.0.1:8081" }

export const threeClouds = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const dynamodb = yield* dynalite(tableMillis)
  const others = yield* fauxqs
  const cosmos = yield* cosmosdb
  const { blobEndpoint, connectionString } = yield* azurite
  const text = yield* fs.readFileString(
    yield* path.fromFileUrl(new URL("../../../examples/three-clouds.yaml", import.meta.url)),
  )
  return {
    document: text.replace(defaults.storage, connectionString).replace(defaults.cosmos, cosmos.endpoint),
    endpoints: { dynamodb: dynamodb.endpoint, others: others.endpoint, storage: blobEndpoint, cosmos: cosmos.endpoint },
    /** What leads the plugin of AWS to the emulators. */
    environment: {
      AWS_ACCESS_KEY_ID: "example",
      AWS_SECRET_ACCESS_KEY: "example",
      AWS_ENDPOINT_URL: others.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    },
  }
})
