/** Listens on a free port of 127.0.0.1 until the scope closes, and returns the port. */
import type { Server } from "node:http"
import * as Effect from "effect/Effect"

export const listenOnFreePort = (server: Server) =>
  Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.once("error", (error) => resume(Effect.die(error)))
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(
          address === null || typeof address === "string"
            ? Effect.die(`Not a TCP address: ${address}`)
            : Effect.succeed(address.port),
        )
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        // A connection that a client keeps alive must not keep the server open.
        server.closeAllConnections()
      }),
  )
