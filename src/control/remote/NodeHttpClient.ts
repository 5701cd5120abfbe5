/** Effect's HTTP client over Node's: the global fetch reaches no unix socket. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { HttpClientError, TransportError } from "effect/http/HttpClientError"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from "node:http"
import { request as httpsRequest } from "node:https"
import { Readable } from "node:stream"
import type { ReadableStream } from "node:stream/web"

/** How a server is reached. */
export interface ClientOptions {
  /** The path of its socket, in the place of the address in the URL. */
  readonly socket?: string | undefined
  /** The certificates that its own must be signed by, in PEM. Undefined for those that Node knows. */
  readonly ca?: string | undefined
}

/** A client of one server. Each request has a connection of its own. */
export const makeNodeHttpClient = ({ ca, socket }: ClientOptions): HttpClient.HttpClient =>
  HttpClient.make((request, url, signal) =>
    Effect.callback((resume) => {
      const fail = (cause: unknown) =>
        resume(Effect.fail(new HttpClientError({ reason: new TransportError({ request, cause }) })))
      const options: RequestOptions = {
        method: request.method,
        headers: { ...request.headers, connection: "close" },
        agent: false,
        signal,
        ...(socket === undefined ? {} : { socketPath: socket }),
      }
      let sent: ClientRequest
      try {
        sent =
          url.protocol === "https:"
            ? httpsRequest(url, ca === undefined ? options : { ...options, ca })
            : httpRequest(url, options)
      } catch (error) {
        return fail(error)
      }
      sent.on("error", fail)
      sent.on("response", (message) => resume(Effect.succeed(toResponse(request, message))))
      sent.end(bytesOf(request))
    }),
  )

/** What this client sends are bodies of JSON. */
const bytesOf = ({ body }: HttpClientRequest): Uint8Array | undefined =>
  body._tag === "Uint8Array" ? body.body : undefined

const toResponse = (request: HttpClientRequest, message: IncomingMessage) => {
  const status = message.statusCode ?? 502
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value)
  }
  // A response without a body must be given none.
  const body = status === 204 || status === 304 ? null : (Readable.toWeb(message) as ReadableStream<Uint8Array>)
  return HttpClientResponse.fromWeb(request, new Response(body, { status, headers }))
}
