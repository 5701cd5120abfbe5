/** Node's HTTP server, bounded: how long a request may take to arrive, and how many connections there may be. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { createServer as createSecureServer, Server as SecureServer } from "node:https"
import type { Socket } from "node:net"
import type { Duplex } from "node:stream"
import { listenFault } from "../../platform/listenFault.ts"
import { exchange, type ExchangeOptions } from "./HttpExchange.ts"
import { type HttpRefusal, rawRefusal } from "./HttpRefusal.ts"

/** Where to listen: on a unix socket, or at an address. With `tls`, by HTTPS. */
export type ListenAt =
  | { readonly path: string }
  | {
      readonly host: string
      /** 0 for any that is free. */
      readonly port: number
      readonly tls?: TlsPair | undefined
    }

/** A certificate and its key, in PEM. */
export interface TlsPair {
  readonly cert: string
  readonly key: string
}

/** What listens. */
export interface Listening {
  /** Its port, where it listens at an address. */
  readonly port: number | undefined
  /** Shows new connections another certificate. Throws where it is none, or the key is that of another one; then nothing has changed. */
  readonly useTls: (tls: TlsPair) => void
}

/** What callers may cost an agent. */
export interface ListenBounds {
  /** The size of a body, in bytes. */
  readonly bodyBytes: number
  /** How many connections there may be at a time. */
  readonly connections: number
  /** How long a request may take to arrive, in milliseconds. */
  readonly requestMillis: number
}

/** As large as a frame to a plugin, and enough connections for some hundred clients. */
export const defaultListenBounds: ListenBounds = {
  bodyBytes: 16 * 1024 * 1024,
  connections: 1_024,
  requestMillis: 30_000,
}

/** Nobody can listen there. */
export class ServeFailed extends Schema.TaggedError<ServeFailed>("formae/control/server/ServeFailed")("ServeFailed", {
  /** The path of the socket, or the address. */
  at: Schema.String,
  /** Why, in words. */
  reason: Schema.String,
}) {
  override get message(): string {
    return `The agent cannot listen at ${this.at}: ${this.reason}`
  }
}

/** Listens until the scope closes, and aborts the requests that are under way then. */
export const listen = (
  at: ListenAt,
  options: Omit<ExchangeOptions, "bodyBytes">,
  bounds: ListenBounds = defaultListenBounds,
): Effect.Effect<Listening, ServeFailed, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(open(at, { ...options, bodyBytes: bounds.bodyBytes }, bounds), ({ close }) => close),
    ({ server }) => {
      const address = server.address()
      return {
        port: address === null || typeof address === "string" ? undefined : address.port,
        useTls: (tls) => (server instanceof SecureServer ? server.setSecureContext(tls) : undefined),
      }
    },
  )

const open = (at: ListenAt, options: ExchangeOptions, bounds: ListenBounds) =>
  Effect.callback<{ readonly server: Server; readonly close: Effect.Effect<void> }, ServeFailed>((resume) => {
    const requests = new Set<AbortController>()
    const fail = (error: unknown) => {
      const name = "path" in at ? at.path : `${at.host}:${at.port}`
      resume(Effect.fail(new ServeFailed({ at: name, reason: listenFault(error) })))
    }
    let server: Server
    try {
      server = makeServer(at, bounds)
    } catch (error) {
      // A certificate or a key that is none, or not of each other.
      return fail(error)
    }
    const answer = (request: IncomingMessage, response: ServerResponse) => {
      const aborted = new AbortController()
      requests.add(aborted)
      response.on("close", () => {
        requests.delete(aborted)
        aborted.abort()
      })
      void exchange(request, response, options, aborted.signal)
    }
    server.on("request", answer)
    server.on("checkContinue", answer)
    server.on("clientError", ({ code }: NodeJS.ErrnoException, socket) =>
      end(socket, code === "ERR_HTTP_REQUEST_TIMEOUT" ? tooSlow : unreadable),
    )
    refuseMore(server, bounds.connections, isSecure(at))
    const close = Effect.callback<void>((done) => {
      server.close(() => done(Effect.void))
      for (const aborted of requests) aborted.abort()
      server.closeAllConnections()
    })
    server.once("error", fail)
    const opened = () => {
      server.off("error", fail)
      // Such as a lack of descriptors while a connection is taken: the next one may be taken.
      server.on("error", () => undefined)
      resume(Effect.succeed({ server, close }))
    }
    if ("path" in at) server.listen(at.path, opened)
    else server.listen(at.port, at.host, opened)
  })

const isSecure = (at: ListenAt): boolean => !("path" in at) && at.tls !== undefined

const makeServer = (at: ListenAt, { requestMillis }: ListenBounds): Server => {
  const times = {
    headersTimeout: requestMillis,
    requestTimeout: requestMillis,
    connectionsCheckingInterval: Math.min(requestMillis, 1_000),
    maxHeaderSize: 16 * 1024,
  }
  return "path" in at || at.tls === undefined
    ? createServer(times)
    : createSecureServer({ ...times, handshakeTimeout: requestMillis, ...at.tls })
}

/** Answers a connection too many with an error, in the place of silence. One by TLS would take it for another protocol, and is closed. */
const refuseMore = (server: Server, limit: number, isTls: boolean): void => {
  const connections = new Set<Socket>()
  server.prependListener("connection", (socket: Socket) => {
    if (connections.size >= limit) return isTls ? void socket.destroy() : end(socket, tooMany)
    connections.add(socket)
    socket.on("close", () => connections.delete(socket))
  })
}

const end = (socket: Duplex, refusal: HttpRefusal): void => {
  socket.on("error", () => undefined)
  if (socket.writable) socket.end(rawRefusal(refusal), () => socket.destroy())
  else socket.destroy()
}

const unreadable: HttpRefusal = {
  status: 400,
  code: "BadRequest",
  message: "What was sent is not an HTTP request",
}
/** The caller was too slow, or this agent had no time to read what has come. */
const tooSlow: HttpRefusal = {
  status: 503,
  code: "RequestTooSlow",
  message: "The request has not arrived in time. Send it again",
}
const tooMany: HttpRefusal = {
  status: 503,
  code: "TooManyConnections",
  message: "The agent has too many connections. Try again later",
}
