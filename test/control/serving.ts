/** A server of the API on a socket, over an agent with notes. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { defaultListenBounds, type ListenBounds } from "../../src/control/server/HttpListener.ts"
import { serveSocket } from "../../src/control/server/ControlServer.ts"
import { makeNotes } from "../agent/notes.ts"
import { layerLocal, layerServices, makeSocketFolder } from "./remoteAgent.ts"

/** What a server serves: for each one an agent of its own, with notes of its own. */
export const layerServed = Layer.fresh(
  Layer.unwrap(Effect.sync(() => layerServices.pipe(Layer.provideMerge(layerLocal([makeNotes().plugin]))))),
)

/** The socket of a server, which serves until the scope closes. */
export const serving = Effect.fnUntraced(function* (bounds: ListenBounds = defaultListenBounds) {
  const socket = join(yield* makeSocketFolder, "agent.sock")
  yield* Layer.build(serveSocket({ socket, bounds }).pipe(Layer.provide(layerServed), Layer.orDie))
  return socket
})
