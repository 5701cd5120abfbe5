/** DynamoDB in this process. It takes no tags with CreateTable, and keeps those of TagResource. */
import dynaliteServer from "dynalite"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"

/** `settleMillis`: how long a table is on its way to what it was told to be; `deleteMillis`: on its way out. */
export const dynalite = Effect.fnUntraced(function* (settleMillis: number, deleteMillis = settleMillis) {
  const server = dynaliteServer({
    createTableMs: settleMillis,
    deleteTableMs: deleteMillis,
    updateTableMs: settleMillis,
  })
  const port = yield* listenOnFreePort(server)
  return { endpoint: `http://127.0.0.1:${port}` } satisfies Emulator
})
