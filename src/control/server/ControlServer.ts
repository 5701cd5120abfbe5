/** The server of the API, on a unix socket or at an address. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { chmodSync } from "node:fs"
import type { Agent } from "../../agent/Agent.ts"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { userName } from "../../platform/userName.ts"
import { type Caller, CurrentCaller } from "../api/Access.ts"
import { ControlApi } from "../api/ControlApi.ts"
import type { CommandRequests } from "./CommandRequests.ts"
import { docsPage } from "./docsPage.ts"
import type { EventFeed } from "./EventFeed.ts"
import { layerHandlers } from "./handlers.ts"
import { listen, type ListenBounds, type ServeFailed } from "./HttpListener.ts"
import type { WebHandler } from "./HttpExchange.ts"
import { metricsText } from "./metricsText.ts"
import { isLocalHost } from "./ownHost.ts"

/** What the server of the API needs. */
export type ControlServices = Agent | CommandRequests | EventFeed

const layerDocs = HttpRouter.add(
  "GET",
  "/docs",
  Effect.sync(() => HttpServerResponse.html(docsPage())),
)

const layerMetrics = HttpRouter.add(
  "GET",
  "/metrics",
  Effect.map(metricsText, (text) =>
    HttpServerResponse.text(text, { contentType: "text/plain; version=0.0.4; charset=utf-8" }),
  ),
)

/** A handler of web requests for each caller. */
export const makeHandler = Effect.gen(function* () {
  const routes = HttpApiBuilder.layer(ControlApi, { openapiPath: "/openapi.json" }).pipe(
    Layer.provide(layerHandlers),
    Layer.merge(Layer.merge(layerDocs, layerMetrics)),
    Layer.provideMerge(HttpServer.layerServices),
  )
  const app = yield* HttpRouter.toHttpEffect(routes)
  const context = yield* Effect.context<ControlServices>()
  return (caller: Caller): WebHandler =>
    HttpEffect.toWebHandlerWith<ControlServices, HttpServerRequest | Scope.Scope>(
      Context.add(context, CurrentCaller, caller),
    )(app)
})

/** How to listen on a unix socket. */
export interface ServeSocketOptions {
  /** The path of the socket, in a folder that only this user may enter. Nothing may be there. */
  readonly socket: string
  readonly bounds?: ListenBounds | undefined
}

/**
 * Serves the API on a unix socket. Every client that may connect to it is taken
 * for the user of the agent. Fails with `ServeFailed` where nobody can listen there.
 */
export const serveSocket = ({ bounds, socket }: ServeSocketOptions): Layer.Layer<never, ServeFailed, ControlServices> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const handler = (yield* makeHandler)({ name: userName(), isOwner: true })
      yield* listen({ path: socket }, { handlerOf: () => handler, isOwnHost: isLocalHost }, bounds)
      // A named pipe has no mode.
      if (!isWindows(yield* Platform)) yield* Effect.sync(() => chmodSync(socket, 0o600))
    }),
  )
