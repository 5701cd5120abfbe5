/** DynamoDB in this process. It takes no tags with CreateTable, and keeps those of TagResource. */
import dynaliteServer from "dynalite"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"

/** `settleMillis`: how long a table is on its way to what it was told to be. */
export const dynalite = Effect.fnUntraced(function* (settleMillis: number) {
  const server = dynaliteServer({
    createTableMs: settleMillis,
    deleteTableMs: settleMillis,
    updateTableMs: settleMillis,
  })
  const port = yield* listenOnFreePort(server)
  return { endpoint: `http://127.0.0.1:${port}` } satisfies Emulator
})
