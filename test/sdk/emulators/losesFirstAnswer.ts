/** In front of a service: passes all on to it, and hangs up instead of answering that something was made. Once. */
import { createServer, request as send } from "node:http"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"

const makes = (method: string | undefined, status = 0) =>
  (method === "PUT" || method === "POST") && (status === 201 || status === 204)

export const losesFirstAnswer = Effect.fnUntraced(function* (service: string) {
  let lost = false
  const port = yield* listenOnFreePort(
    createServer((request, response) => {
      const { headers, method, url } = request
      const onward = send(new URL(url ?? "/", service), { method, headers, agent: false }, (answer) => {
        if (!lost && makes(method, answer.statusCode)) {
          lost = true
          answer.resume()
          answer.once("end", () => request.socket.destroy())
        } else {
          response.writeHead(answer.statusCode ?? 500, answer.headers)
          answer.pipe(response)
        }
      })
      request.pipe(onward)
    }),
  )
  const emulator: Emulator = { endpoint: `http://127.0.0.1:${port}` }
  return { ...emulator, hasLost: () => lost }
})
