/**
 * A proxy in front of a service, which counts the calls to it and lets some of
 * them fail the way services and networks do. Each connection ends with its
 * answer, so that a fault affects only one call.
 */
import { createServer, type IncomingHttpHeaders, request as send } from "node:http"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"
import { listenOnFreePort } from "./listenOnFreePort.ts"

export interface Call {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface ServiceAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** The service itself, or one that adds what its emulator lacks. */
export type Service = (call: Call) => Effect.Effect<ServiceAnswer>

export type Fault =
  /** The proxy answers instead of the service. */
  | { readonly _tag: "Answers"; readonly answer: ServiceAnswer }
  /** The proxy hangs up before the service gets the call. */
  | { readonly _tag: "Resets" }
  /** The proxy does nothing. */
  | { readonly _tag: "Hangs" }
  /** The service carries out the call, and then the proxy hangs up. */
  | { readonly _tag: "LosesAnswer" }
  /** The service carries out the call, and the proxy never answers. */
  | { readonly _tag: "HoldsAnswer" }
  | { readonly _tag: "None" }

export const none: Fault = { _tag: "None" }

/** Recognizes a kind of call, such as one that creates a table. */
export type CallMatcher = (call: Call) => boolean

interface Rule {
  readonly matches: CallMatcher
  readonly faults: ReadonlyArray<Fault>
  readonly happened: Deferred.Deferred<void>
  seen: number
}

export const forwardTo =
  ({ endpoint }: Emulator): Service =>
  ({ body, headers, method, url }) =>
    Effect.callback((resume) => {
      const onward = send(new URL(url, endpoint), { method, headers, agent: false }, (answer) => {
        const chunks: Array<Buffer> = []
        answer.on("data", (chunk: Buffer) => chunks.push(chunk))
        answer.once("end", () =>
          resume(
            Effect.succeed({
              status: answer.statusCode ?? 500,
              headers: answer.headers,
              body: Buffer.concat(chunks).toString("latin1"),
            }),
          ),
        )
      })
      onward.once("error", (error) => resume(Effect.die(error)))
      onward.end(body, "latin1")
    })

const transportHeaders: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"])

/** The headers of an answer without those of its transport. */
const withoutTransport = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !transportHeaders.has(name)))

export const faultProxy = Effect.fnUntraced(function* (service: Service) {
  const run = Effect.runForkWith(yield* Effect.context())
  const calls: Array<Call> = []
  const rules: Array<Rule> = []

  const port = yield* listenOnFreePort(
    createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      // A client that is killed during a call hangs up.
      request.once("error", () => undefined)
      const hangUp = Effect.sync(() => request.socket.resetAndDestroy())
      const respond = ({ body, headers, status }: ServiceAnswer) =>
        Effect.sync(() => {
          response.writeHead(status, { ...withoutTransport(headers), connection: "close" })
          response.end(body, "latin1")
        })
      request.once("end", () => {
        const { headers, method = "", url = "" } = request
        const call = { method, url, headers, body: Buffer.concat(chunks).toString("latin1") }
        calls.push(call)
        const rule = rules.find(({ matches }) => matches(call))
        const fault = rule?.faults[rule.seen] ?? none
        if (rule !== undefined) rule.seen += 1
        const isLast = rule?.seen === rule?.faults.length
        const happened = rule !== undefined && isLast ? Deferred.succeed(rule.happened, undefined) : Effect.void
        run(handle(fault, service(call), { respond, hangUp, happened }))
      })
    }),
  )

  return {
    endpoint: `http://127.0.0.1:${port}`,
    /** How many such calls the proxy got. */
    count: (matches: CallMatcher) => calls.filter(matches).length,
    /**
     * Sets the faults of the first such call, of the second, and so on; later
     * ones are let through. The returned effect completes when the last fault
     * has happened and the service has done its part of that call.
     */
    on: (matches: CallMatcher, ...faults: ReadonlyArray<Fault>): Effect.Effect<void> => {
      const happened = Deferred.makeUnsafe<void>()
      rules.push({ matches, faults, happened, seen: 0 })
      return Deferred.await(happened)
    },
  }
})

interface Reaction {
  readonly respond: (answer: ServiceAnswer) => Effect.Effect<void>
  readonly hangUp: Effect.Effect<unknown>
  readonly happened: Effect.Effect<unknown>
}

const handle = (fault: Fault, answered: Effect.Effect<ServiceAnswer>, { hangUp, happened, respond }: Reaction) => {
  switch (fault._tag) {
    case "None":
      return Effect.andThen(Effect.flatMap(answered, respond), happened)
    case "Answers":
      return Effect.andThen(respond(fault.answer), happened)
    case "Resets":
      return Effect.andThen(hangUp, happened)
    case "Hangs":
      return happened
    case "LosesAnswer":
      return Effect.andThen(answered, Effect.andThen(hangUp, happened))
    case "HoldsAnswer":
      return Effect.andThen(answered, happened)
  }
}
