/** Whatever arrives at the API is refused with an error as data, or done; the agent stays. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { statSync } from "node:fs"
import { defaultListenBounds } from "../../src/control/server/HttpListener.ts"
import { fuzzSeeds, makeDice } from "../transport/fuzzedFrames.ts"
import { formaOfNotes } from "../agent/notes.ts"
import { answerTo, answerWhileOpen, type At, parts, requestOf, silent } from "./rawHttp.ts"
import { serving } from "./serving.ts"

const isThere = (at: At, headers: Readonly<Record<string, string>> = {}) =>
  Effect.map(answerTo(at, requestOf("GET", "/v1/agent", headers)), (answer) => {
    const { body, status } = parts(answer)
    assert.strictEqual(status, 200, answer)
    return JSON.parse(body)
  })

const deep = `${"[".repeat(2_000)}${"]".repeat(2_000)}`
const key = { "idempotency-key": "key-number-1" }
const apply = (forma: unknown) => JSON.stringify({ command: "apply", forma })

describe("the API", () => {
  it.live("listens on a socket that only its user may open", () =>
    Effect.gen(function* () {
      const socket = yield* serving()
      assert.strictEqual(statSync(socket).mode & 0o777, 0o600)
      const { api, schemaVersion } = yield* isThere(socket)
      assert.deepEqual([schemaVersion, api], [1, { min: 1, max: 1 }])
    }),
  )

  it.live("refuses what it cannot read, with the place of the mistake, and stays", () =>
    Effect.gen(function* () {
      const socket = yield* serving({ ...defaultListenBounds, bodyBytes: 4_096 })
      const post = (path: string, body: string, headers = {}) => requestOf("POST", path, headers, body)
      const table: ReadonlyArray<readonly [request: string, status: number, says: string]> = [
        [post("/v1/plan", "{"), 400, "Expected a valid JSON body"],
        [post("/v1/plan", "[]"), 400, "payload"],
        [post("/v1/plan", "{}"), 400, "payload.forma"],
        [post("/v1/plan", JSON.stringify({ forma: {} })), 409, "FormaInvalid"],
        [post("/v1/commands", apply({})), 400, "idempotency-key"],
        [post("/v1/commands", apply({}), { "idempotency-key": "short" }), 400, "8 to 128"],
        [post("/v1/commands", JSON.stringify({ command: "explode" }), key), 400, "payload"],
        [post("/v1/plan", JSON.stringify({ forma: { text: "x".repeat(5_000) } })), 413, "BodyTooLarge"],
        [post("/v1/plan", deep), 413, "BodyTooDeep"],
        [requestOf("GET", "/v1/agent", { host: "evil.example" }), 421, "ForeignHost"],
        [requestOf("GET", "//evil.example/v1/agent"), 400, "BadRequest"],
        [requestOf("GET", "http://evil.example/v1/agent"), 400, "BadRequest"],
        [requestOf("OPTIONS", "*"), 400, "BadRequest"],
        [requestOf("TRACE", "/v1/agent"), 400, "BadRequest"],
        [requestOf("GET", "/v1/commands/nothing-like-it"), 404, "CommandUnknown"],
        [requestOf("GET", "/v1/nothing"), 404, "There is no GET /v1/nothing"],
        [post("/v1/nothing", "{"), 404, "NoSuchEndpoint"],
        [post("/v1/nothing", "x".repeat(5_000)), 413, "BodyTooLarge"],
        [post("/v1/agent", "{}"), 404, "There is no POST /v1/agent"],
        [requestOf("DELETE", "/v1/plan"), 404, "NoSuchEndpoint"],
        [requestOf("OPTIONS", "/v1/agent"), 404, "NoSuchEndpoint"],
        [post("/docs", "{}"), 404, "NoSuchEndpoint"],
        [post("/v1/plan", "{}", { "content-type": "text/plain" }), 400, "BodyNotJson"],
        [post("/v1/plan", "a=b", { "content-type": "application/x-www-form-urlencoded" }), 400, "BodyNotJson"],
        [post("/v1/plan", "--x--", { "content-type": "multipart/form-data; boundary=x" }), 400, "BodyNotJson"],
        [post("/v1/plan", "{}", { "content-type": "" }), 400, "BodyNotJson"],
        [post("/v1/nothing", "x", { "content-type": "application/octet-stream" }), 404, "NoSuchEndpoint"],
        [requestOf("GET", "/v1/events?after=minus"), 400, "query.after"],
        [requestOf("GET", "/v1/events?command=nothing-like-it"), 404, "CommandUnknown"],
        ["nonsense\r\n\r\n", 400, "BadRequest"],
        [`GET /${"x".repeat(20_000)} HTTP/1.1\r\n\r\n`, 400, "BadRequest"],
      ]
      for (const [request, status, says] of table) {
        const answer = parts(yield* answerTo(socket, request))
        const what = `${request.slice(0, 60)}: ${answer.body.slice(0, 300)}`
        assert.strictEqual(answer.status, status, what)
        assert.include(answer.body, says, what)
        assert.deepInclude(JSON.parse(answer.body), { schemaVersion: 1 })
      }
      // A body without a length that does not end.
      const endless = requestOf("POST", "/v1/plan", {
        "content-type": "application/json",
        "transfer-encoding": "chunked",
      })
      const chunk = `1000\r\n${" ".repeat(0x1000)}\r\n`
      assert.strictEqual(parts(yield* answerTo(socket, endless, chunk, chunk)).status, 413)
      for (const odd of ["/v1/resources/%ff", "/v1/../../etc/passwd", "/%00", "/v1/agent/", "/V1/AGENT", "/"]) {
        assert.include([200, 400, 404, 409], parts(yield* answerTo(socket, requestOf("GET", odd))).status, odd)
      }
      yield* isThere(socket)
    }),
  )

  it.live("closes a request that comes too slowly, and answers a connection too many", () =>
    Effect.gen(function* () {
      const socket = yield* serving({ ...defaultListenBounds, requestMillis: 50, connections: 3 })
      const slow = yield* answerWhileOpen(socket, `${requestOf("POST", "/v1/plan", { "content-length": "100" })}{`)
      assert.strictEqual(parts(slow).status, 503, slow)
      assert.deepInclude(JSON.parse(parts(slow).body), { _tag: "Unavailable", code: "RequestTooSlow" })
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Effect.forEach([1, 2, 3], () => silent(socket))
          const refused = parts(yield* answerTo(socket, requestOf("GET", "/v1/agent")))
          assert.strictEqual(refused.status, 503)
          assert.deepInclude(JSON.parse(refused.body), { _tag: "Unavailable", code: "TooManyConnections" })
        }),
      )
      yield* Effect.repeat(
        Effect.map(answerTo(socket, requestOf("GET", "/v1/agent")), (answer) => parts(answer).status),
        { until: (status) => status === 200 },
      )
    }),
  )

  it.live("answers beside a thousand connections that say nothing", () =>
    Effect.gen(function* () {
      const socket = yield* serving()
      // One after the other: more at once than the system lets wait would be refused by the system.
      yield* Effect.forEach(Array.from({ length: 1_000 }), () => silent(socket), { discard: true })
      yield* isThere(socket)
    }).pipe(Effect.scoped),
  )
})

describe("a request that is almost right", () => {
  const good = [
    requestOf("GET", "/v1/agent"),
    requestOf("POST", "/v1/plan", {}, JSON.stringify({ forma: formaOfNotes({ a: { Text: "a" } }) })),
    requestOf("POST", "/v1/commands", key, apply(formaOfNotes({ a: { Text: "a" } }))),
    requestOf("GET", "/v1/commands/key-number-1"),
    requestOf("POST", "/v1/commands/key-number-1/answer", {}, JSON.stringify({ question: 1, yes: true })),
    requestOf("POST", "/v1/outputs", {}, JSON.stringify({ name: "a", withSecret: true })),
    requestOf("GET", "/v1/resources/a?forma=notes"),
    requestOf("GET", "/v1/inventory/stream"),
    requestOf("PUT", "/v1/configuration", {}, JSON.stringify({ configuration: {} })),
    requestOf("POST", "/v1/agent", {}, "{}"),
    requestOf("POST", "/v1/nothing", { "content-type": "text/plain" }, "nothing"),
  ]

  it.live("is answered with a status of the API, and the agent stays", () =>
    Effect.gen(function* () {
      const socket = yield* serving({ ...defaultListenBounds, requestMillis: 50 })
      const statuses = new Set<number>()
      for (const seed of fuzzSeeds(30)) {
        const dice = makeDice(seed)
        const request = Buffer.from(good[dice(good.length)] ?? "", "latin1")
        const changes = 1 + dice(4)
        let bytes = request
        for (let change = 0; change < changes; change += 1) {
          const at = dice(bytes.length)
          const length = dice(6)
          const put = Buffer.from(Array.from({ length: dice(6) }, () => dice(256)))
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)])
        }
        const answer = yield* answerTo(socket, bytes)
        const { status } = parts(answer)
        statuses.add(status)
        const what = `seed ${seed}: ${bytes.toString("latin1")}\n${answer}`
        assert.isTrue(answer === "" || [200, 400, 404, 409, 413, 421, 503].includes(status), what)
        // An error is one of the API, whatever was sent. One for HEAD has no body.
        const hasBody = status >= 400 && !/^head /i.test(bytes.toString("latin1"))
        if (hasBody) assert.deepInclude(JSON.parse(parts(answer).body || "{}"), { schemaVersion: 1 }, what)
      }
      assert.isAbove(statuses.size, 2)
      yield* isThere(socket)
    }),
  )
})
