/** Ports of this machine that nobody listens on. */
import { createServer } from "node:http"
import * as Effect from "effect/Effect"
import { listenOnFreePort } from "../../sdk/emulators/listenOnFreePort.ts"

/** Different ones: all are taken before the first is given back. */
export const freePorts = (count: number): Effect.Effect<ReadonlyArray<number>> =>
  Effect.scoped(Effect.forEach(Array.from({ length: count }), () => listenOnFreePort(createServer())))
