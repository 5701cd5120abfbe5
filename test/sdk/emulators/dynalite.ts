/** DynamoDB in this process. It ignores the tags of CreateTable, but keeps those of TagResource. */
import dynaliteServer from "dynalite"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"

/** `busyMillis`: how long a table is being created or updated; `deleteMillis`: how long it is being deleted. */
export const dynalite = Effect.fnUntraced(function* (busyMillis: number, deleteMillis = busyMillis) {
  const server = dynaliteServer({
    createTableMs: busyMillis,
    deleteTableMs: deleteMillis,
    updateTableMs: busyMillis,
  })
  const port = yield* listenOnFreePort(server)
  return { endpoint: `http://127.0.0.1:${port}` } satisfies Emulator
})
