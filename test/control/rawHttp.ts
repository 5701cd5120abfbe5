/** HTTP as bytes, to say what no client would say. */
import * as Effect from "effect/Effect"
import { connect, type Socket } from "node:net"

/** Where a server is. */
export type At = string | number

const open = (at: At): Socket => (typeof at === "string" ? connect(at) : connect(at, "127.0.0.1"))

const answer = (at: At, parts: ReadonlyArray<string | Uint8Array>, isEnded: boolean): Effect.Effect<string> =>
  Effect.callback((resume) => {
    const socket = open(at)
    const chunks: Array<Buffer> = []
    socket.on("data", (chunk) => chunks.push(chunk))
    // What was sent may not have been read.
    socket.on("error", () => undefined)
    socket.on("close", () => resume(Effect.succeed(Buffer.concat(chunks).toString("utf8"))))
    for (const part of parts) socket.write(part)
    if (isEnded) socket.end()
    return Effect.sync(() => socket.destroy())
  })

/** What a server answers to some bytes, after which nothing more comes. */
export const answerTo = (at: At, ...parts: ReadonlyArray<string | Uint8Array>): Effect.Effect<string> =>
  answer(at, parts, true)

/** What a server answers to some bytes, after which more might come. */
export const answerWhileOpen = (at: At, ...parts: ReadonlyArray<string | Uint8Array>): Effect.Effect<string> =>
  answer(at, parts, false)

/** A connection that sends nothing, until the scope closes. */
export const silent = (at: At) =>
  Effect.acquireRelease(
    Effect.callback<Socket>((resume) => {
      const socket = open(at)
      socket.on("error", () => undefined)
      socket.on("connect", () => resume(Effect.succeed(socket)))
    }),
    (socket) =>
      Effect.callback<void>((done) => {
        if (socket.closed) return done(Effect.void)
        socket.on("close", () => done(Effect.void))
        socket.destroy()
      }),
  )

/** A request. Its connection is closed after the answer. */
export const requestOf = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | undefined = undefined,
): string => {
  const all = {
    host: "localhost",
    connection: "close",
    ...(body === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`
}

/** The status of an answer, and its body, which may be in chunks: its JSON. */
export const parts = (answer: string): { readonly status: number; readonly body: string } => ({
  status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]),
  body: /\{.*\}/s.exec(answer.slice(answer.indexOf("\r\n\r\n")))?.[0] ?? "",
})
