/** A service that takes requests and answers none. */
import { createServer } from "node:http"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"

export const silence = Effect.gen(function* () {
  const port = yield* listenOnFreePort(createServer(() => {}))
  return { endpoint: `http://127.0.0.1:${port}` } satisfies Emulator
})
