/** What the server answers before a request gets to the API. */
import type { ServerResponse } from "node:http"
import { schemaVersion } from "../api/version.ts"

/** An answer that has the shape of the errors of the API. */
export interface HttpRefusal {
  readonly status: keyof typeof tags
  readonly code: string
  readonly message: string
}

/** The tags of the errors of the API, by their status. */
const tags = {
  400: "BadRequest",
  401: "Unauthorized",
  404: "NotFound",
  413: "TooLarge",
  421: "Misdirected",
  503: "Unavailable",
} as const

/** The body of a refusal. */
export const bodyOf = ({ code, message, status }: HttpRefusal): string =>
  JSON.stringify({ _tag: tags[status], schemaVersion, code, message })

/** Answers with a refusal, and closes the connection: the rest of its request is not read. */
export const sendRefusal = (response: ServerResponse, refusal: HttpRefusal): void => {
  if (response.headersSent || response.destroyed) return
  response.writeHead(refusal.status, { "content-type": "application/json", connection: "close" })
  response.end(bodyOf(refusal))
}

/** A refusal for a connection that has no response. */
export const rawRefusal = (refusal: HttpRefusal): string => {
  const body = bodyOf(refusal)
  return `HTTP/1.1 ${refusal.status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`
}
