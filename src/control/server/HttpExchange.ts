/** One request of Node's server, answered by a handler of web requests. Its body is read under a bound before anybody sees it. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { frameExcess } from "../../transport/FrameBounds.ts"
import { type HttpRefusal, sendRefusal } from "./HttpRefusal.ts"
import { refusalFor } from "./typedAnswer.ts"

/** Answers a web request. */
export type WebHandler = (request: Request) => Promise<Response>

/** How requests are answered. */
export interface ExchangeOptions {
  /** Who answers a caller, by the `Authorization` of the request. A refusal where nobody does. It is asked again before each part of an answer. */
  readonly handlerOf: (authorization: string | undefined) => WebHandler | HttpRefusal
  /** The size that a body may have, in bytes. */
  readonly bodyBytes: number
  /** Whether the `Host` of a request names this server. A page that was led here by its name server does not. */
  readonly isOwnHost: (host: string | undefined) => boolean
}

/** Answers a request. Never rejects. `signal` says that nobody waits for the answer any more. */
export const exchange = async (
  request: IncomingMessage,
  response: ServerResponse,
  options: ExchangeOptions,
  signal: AbortSignal,
): Promise<void> => {
  try {
    if (!options.isOwnHost(request.headers.host)) return sendRefusal(response, foreignHost)
    const answering = () => options.handlerOf(request.headers.authorization)
    const handler = answering()
    if (typeof handler !== "function") return sendRefusal(response, handler)
    const body = await readBody(request, options.bodyBytes)
    if ("status" in body) return sendRefusal(response, body)
    const web = webRequest(request, body.bytes, signal)
    if (web === undefined) return sendRefusal(response, oddRequest)
    const answer = await handler(web)
    const said = { status: answer.status, contentType: answer.headers.get("content-type") }
    const untyped = refusalFor(web.method, new URL(web.url).pathname.slice(0, maxPathShown), said)
    if (untyped !== undefined) return sendRefusal(response, untyped)
    await writeAnswer(answer, response, () => typeof answering() === "function")
  } catch {
    // The caller is gone, or the handler was interrupted because the agent ends.
    if (response.headersSent) response.destroy()
    else sendRefusal(response, failed)
  }
}

const readBody = (request: IncomingMessage, limit: number): Promise<{ readonly bytes: Buffer } | HttpRefusal> => {
  const tooLarge = {
    status: 413 as const,
    code: "BodyTooLarge",
    message: `The body of the request is larger than ${limit} bytes`,
  }
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve(tooLarge)
  return new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let size = 0
    request.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        request.pause()
        resolve(tooLarge)
      } else chunks.push(chunk)
    })
    request.on("end", () => {
      const bytes = Buffer.concat(chunks)
      const excess = frameExcess(bytes.toString("latin1"))
      resolve(
        excess === undefined
          ? { bytes }
          : { status: 413, code: "BodyTooDeep", message: `The body of the request ${excess}` },
      )
    })
    request.on("error", reject)
    request.on("close", () => reject(new Error("the request was cut off")))
  })
}

/** Undefined where it is no request that the web knows. */
const webRequest = (request: IncomingMessage, bytes: Buffer, signal: AbortSignal): Request | undefined => {
  const { headers, method = "GET", url = "/" } = request
  // An absolute URL, an asterisk and the like name nothing of this server.
  if (!/^\/(?!\/)/.test(url)) return undefined
  try {
    return new Request(new URL(url, origin), {
      method,
      headers: Object.entries(headers).flatMap(([name, value]): Array<[string, string]> =>
        value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
      ),
      signal,
      ...(bytes.length === 0 || method === "GET" || method === "HEAD" ? {} : { body: new Uint8Array(bytes) }),
    })
  } catch {
    return undefined
  }
}

/** `isKnown`: whether the caller may have what comes. */
const writeAnswer = async (answer: Response, response: ServerResponse, isKnown: () => boolean): Promise<void> => {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body === null) {
    response.end()
    return
  }
  response.flushHeaders()
  const reader = answer.body.getReader()
  try {
    while (!response.destroyed) {
      const { done, value } = await reader.read()
      if (done) break
      // A stream may go on for days, and its caller's token be taken away.
      if (!isKnown()) {
        response.destroy()
        break
      }
      // A slow reader holds the source up, and nothing is kept for it here.
      if (!response.write(value)) await drained(response)
    }
    response.end()
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      response.off("drain", go)
      response.off("close", go)
      resolve()
    }
    response.on("drain", go)
    response.on("close", go)
  })

/** Longer ones say nothing to people. */
const maxPathShown = 100

const origin = "http://localhost"

const foreignHost: HttpRefusal = {
  status: 421,
  code: "ForeignHost",
  message: "The Host header of the request names another server",
}
const oddRequest: HttpRefusal = {
  status: 400,
  code: "BadRequest",
  message: "The request is not one that the API takes",
}
const failed: HttpRefusal = { status: 503, code: "NotAnswered", message: "The agent could not answer. Try again" }
