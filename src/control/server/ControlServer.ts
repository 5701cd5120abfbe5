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
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { X509Certificate } from "node:crypto"
import { chmodSync } from "node:fs"
import type { Agent } from "../../agent/Agent.ts"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { isLoopback } from "../../platform/hosts.ts"
import { userName } from "../../platform/userName.ts"
import { type Caller, CurrentCaller } from "../api/Access.ts"
import { ControlApi } from "../api/ControlApi.ts"
import type { CommandRequests } from "./CommandRequests.ts"
import { docsPage } from "./docsPage.ts"
import type { EventFeed } from "./EventFeed.ts"
import { layerHandlers } from "./handlers.ts"
import type { HttpRefusal } from "./HttpRefusal.ts"
import { listen, type ListenBounds, ServeFailed } from "./HttpListener.ts"
import type { WebHandler } from "./HttpExchange.ts"
import { metricsText } from "./metricsText.ts"
import { isLocalHost, makeIsOwnHost } from "./ownHost.ts"
import { type FindToken, minTokenCharacters, type NamedToken, nameFinder } from "./tokens.ts"

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

/** How to listen at an address. */
export interface ServeTcpOptions {
  /** The address or the name to listen at. One that others can reach needs `tls`. */
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** Who may call. Each has a name, which is said of the commands that it has asked for. */
  readonly tokens: ReadonlyArray<NamedToken> | FindToken
  /** The certificate and its key, in PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  /** The names by which callers may name this server in `Host`, beside `host`, those of this machine and those of the certificate. */
  readonly names?: ReadonlyArray<string> | undefined
  readonly bounds?: ListenBounds | undefined
  /** Is told at which port it listens. */
  readonly onListening?: ((port: number) => Effect.Effect<void>) | undefined
}

/**
 * Serves the API at an address, to clients that have one of the tokens. Values of
 * secrets are not given there. Fails with `ServeFailed` where nobody can listen
 * there, and where it would not be safe: without a token, with one that can be
 * guessed, or without `tls` at an address that others can reach.
 */
export const serveTcp = ({
  bounds,
  host,
  names = [],
  onListening = () => Effect.void,
  port,
  tls,
  tokens,
}: ServeTcpOptions): Layer.Layer<never, ServeFailed, ControlServices> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const objection = objectionTo({ host, tls, tokens })
      if (objection !== undefined) return yield* new ServeFailed({ at: `${host}:${port}`, reason: objection })
      const certificate = yield* Effect.try({
        try: () => (tls === undefined ? undefined : new X509Certificate(tls.cert)),
        catch: (error) =>
          new ServeFailed({ at: `${host}:${port}`, reason: `its certificate cannot be read: ${String(error)}` }),
      })
      const handlers = yield* makeHandler
      const findName = nameFinder(tokens)
      const served = yield* listen(
        { host, port, tls },
        {
          handlerOf: (authorization) => {
            const name = findName(authorization)
            return name === undefined ? noToken : handlers({ name, isOwner: false })
          },
          isOwnHost: makeIsOwnHost({ host, names, certificate }),
        },
        bounds,
      )
      yield* onListening(served.port ?? port)
    }),
  )

/** Why it would not be safe to listen there. Undefined where it is. */
const objectionTo = ({ host, tls, tokens }: Pick<ServeTcpOptions, "host" | "tls" | "tokens">): string | undefined => {
  if (typeof tokens !== "function") {
    if (tokens.length === 0) return "there is no token, so nobody could call. Give at least one named token"
    const weak = tokens.find(({ token }) => Redacted.value(token).length < minTokenCharacters)
    if (weak !== undefined) {
      return `the token of ${weak.name} has less than ${minTokenCharacters} characters, so that it could be guessed. Use a longer one`
    }
  }
  if (tls !== undefined || isLoopback(host)) return undefined
  return "others can reach this address, and without TLS they could read tokens and documents on the way. Listen at 127.0.0.1, or give a certificate and its key"
}

const noToken: HttpRefusal = {
  status: 401,
  code: "Unauthorized",
  message: "The request has no token that this agent knows. Send one as: Authorization: Bearer TOKEN",
}
