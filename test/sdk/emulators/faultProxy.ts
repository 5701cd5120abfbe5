/**
 * In front of a service: counts the calls that it is sent, and does to some of
 * them what services and networks do on a bad day. Each connection ends with
 * its answer, so that what happens to one call happens to no other.
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

/** The service itself, or something that makes up for what its emulator lacks. */
export type Service = (call: Call) => Effect.Effect<ServiceAnswer>

export type Fault =
  /** Answers in the place of the service. */
  | { readonly _tag: "Answers"; readonly answer: ServiceAnswer }
  /** Hangs up before the service has heard of it. */
  | { readonly _tag: "Resets" }
  /** Says nothing, and does nothing. */
  | { readonly _tag: "Hangs" }
  /** The service does it, and then the proxy hangs up. */
  | { readonly _tag: "LosesAnswer" }
  /** The service does it, and nobody ever hears of it. */
  | { readonly _tag: "HoldsAnswer" }
  | { readonly _tag: "None" }

export const none: Fault = { _tag: "None" }

/** A kind of call, such as `creates a table`. */
export type Matches = (call: Call) => boolean

interface Rule {
  readonly matches: Matches
  readonly faults: ReadonlyArray<Fault>
  readonly struck: Deferred.Deferred<void>
  seen: number
}

export const onwardTo =
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

const ofTheWay: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"])

/** Of the headers of an answer, those that are about its meaning and not about its way. */
const meaning = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheWay.has(name)))

export const faultProxy = Effect.fnUntraced(function* (service: Service) {
  const run = Effect.runForkWith(yield* Effect.context())
  const calls: Array<Call> = []
  const rules: Array<Rule> = []

  const port = yield* listenOnFreePort(
    createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      // Whoever is killed in the middle of a call hangs up.
      request.once("error", () => undefined)
      const hangUp = Effect.sync(() => request.socket.resetAndDestroy())
      const tell = ({ body, headers, status }: ServiceAnswer) =>
        Effect.sync(() => {
          response.writeHead(status, { ...meaning(headers), connection: "close" })
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
        const struck = rule !== undefined && isLast ? Deferred.succeed(rule.struck, undefined) : Effect.void
        run(handle(fault, service(call), { tell, hangUp, struck }))
      })
    }),
  )

  return {
    endpoint: `http://127.0.0.1:${port}`,
    /** How many such calls have come. */
    count: (matches: Matches) => calls.filter(matches).length,
    /**
     * What happens to the first such call, to the second, and so on; the ones
     * after that are let through. Completes when it has happened to the last
     * of them, and the service has done what it is to do.
     */
    on: (matches: Matches, ...faults: ReadonlyArray<Fault>): Effect.Effect<void> => {
      const struck = Deferred.makeUnsafe<void>()
      rules.push({ matches, faults, struck, seen: 0 })
      return Deferred.await(struck)
    },
  }
})

interface Reaction {
  readonly tell: (answer: ServiceAnswer) => Effect.Effect<void>
  readonly hangUp: Effect.Effect<unknown>
  readonly struck: Effect.Effect<unknown>
}

const handle = (fault: Fault, asked: Effect.Effect<ServiceAnswer>, { hangUp, struck, tell }: Reaction) => {
  switch (fault._tag) {
    case "None":
      return Effect.andThen(Effect.flatMap(asked, tell), struck)
    case "Answers":
      return Effect.andThen(tell(fault.answer), struck)
    case "Resets":
      return Effect.andThen(hangUp, struck)
    case "Hangs":
      return struck
    case "LosesAnswer":
      return Effect.andThen(asked, Effect.andThen(hangUp, struck))
    case "HoldsAnswer":
      return Effect.andThen(asked, struck)
  }
}
