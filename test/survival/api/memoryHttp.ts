/** HTTP without a socket: time in a test does not wait for one. A server that dies cuts its answers off. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { HttpClientError, TransportError } from "effect/http/HttpClientError"
import type { HttpClientRequest } from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import type * as Scope from "effect/Scope"
import type { WebHandler } from "../../../src/control/server/HttpExchange.ts"

/** A place at which a server may listen. */
export interface MemoryPlace {
  /** Answers there until the scope closes. Then whoever waits for an answer has lost the connection. */
  readonly listen: (handler: WebHandler) => Effect.Effect<void, never, Scope.Scope>
  readonly client: HttpClient.HttpClient
}

interface Listening {
  readonly handler: WebHandler
  readonly died: AbortController
}

/** A body that fails where the server has died, in the place of an end. */
const untilDied = (body: ReadableStream<Uint8Array>, died: AbortSignal) => {
  const reader = body.getReader()
  const hasDied = new Error("the server has died")
  return new ReadableStream<Uint8Array>({
    start: (controller) => died.addEventListener("abort", () => controller.error(hasDied)),
    pull: async (controller) => {
      // It may have died before anybody listened for that.
      if (died.aborted) return controller.error(hasDied)
      const { done, value } = await reader.read()
      if (died.aborted) return controller.error(hasDied)
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: () => reader.cancel(),
  })
}

const bodyOf = ({ body }: HttpClientRequest) => (body._tag === "Uint8Array" ? { body: body.body.slice() } : {})

/** A place at which nobody listens yet. */
export const makeMemoryPlace = (): MemoryPlace => {
  let listening: Listening | undefined
  return {
    listen: (handler) =>
      Effect.asVoid(
        Effect.acquireRelease(
          Effect.sync(() => (listening = { handler, died: new AbortController() })),
          ({ died }) =>
            Effect.sync(() => {
              listening = undefined
              died.abort()
            }),
        ),
      ),
    client: HttpClient.make((request, url, signal) => {
      const fail = (cause: unknown) => new HttpClientError({ reason: new TransportError({ request, cause }) })
      const found = listening
      if (found === undefined) return Effect.fail(fail("nobody listens"))
      const { died, handler } = found
      return Effect.tryPromise({
        try: async () => {
          const { headers, method } = request
          const sent = new Request(url, {
            method,
            headers: { ...headers },
            signal: AbortSignal.any([signal, died.signal]),
            ...bodyOf(request),
          })
          const lost = new Promise<never>((_, reject) =>
            died.signal.addEventListener("abort", () => reject(new Error("the server has died"))),
          )
          const answer = await Promise.race([handler(sent), lost])
          const body = answer.body === null ? null : untilDied(answer.body, died.signal)
          return HttpClientResponse.fromWeb(request, new Response(body, answer))
        },
        catch: fail,
      })
    }),
  }
}
