/** A service that takes requests and never answers. */
import { createServer } from "node:http"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { listenOnFreePort } from "./listenOnFreePort.ts"

/** `requested` completes with the first request, `hungUp` when its client hangs up. */
export const silence = Effect.gen(function* () {
  const run = Effect.runForkWith(yield* Effect.context())
  const requested = yield* Deferred.make<void>()
  const hungUp = yield* Deferred.make<void>()
  const port = yield* listenOnFreePort(
    createServer((request) => {
      run(Deferred.succeed(requested, undefined))
      request.socket.once("close", () => run(Deferred.succeed(hungUp, undefined)))
    }),
  )
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requested: Deferred.await(requested),
    hungUp: Deferred.await(hungUp),
  }
})
