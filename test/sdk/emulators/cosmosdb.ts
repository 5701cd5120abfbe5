/** Databases and containers of Cosmos DB, in this process. It accepts any key, and does not support throughput. */
import { createHttpServer } from "@vercel/cosmosdb-server"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"

export const cosmosdb = Effect.gen(function* () {
  const port = yield* listenOnFreePort(createHttpServer())
  return { endpoint: `http://127.0.0.1:${port}` } satisfies Emulator
})
