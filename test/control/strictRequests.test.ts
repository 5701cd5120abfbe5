/** What a request says and the agent does not know is refused: it may be a limit, and without it everything would be meant. */
import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import { Agent } from "../../src/agent/Agent.ts"
import { agentVersion } from "../../src/agent/version.ts"
import { ApiFailure } from "../../src/control/api/ApiFailure.ts"
import { ControlApi } from "../../src/control/api/ControlApi.ts"
import { connect, refusalOf } from "../../src/control/remote/Connection.ts"
import { layerRemote } from "../../src/control/remote/layerRemote.ts"
import { formaOfNotes } from "../agent/notes.ts"
import { answerTo, answerWhileOpen, parts, requestOf } from "./rawHttp.ts"
import { serving } from "./serving.ts"

const decodeFailure = Schema.decodeEffect(Schema.fromJsonString(ApiFailure))

const endpoints: Array<HttpApiEndpoint.Top> = []
HttpApi.reflect(ControlApi, { onGroup: () => undefined, onEndpoint: ({ endpoint }) => endpoints.push(endpoint) })

/** The bodies that an endpoint takes, one of each shape, as JSON. */
const bodiesOf = ({ payload }: HttpApiEndpoint.Top) =>
  Effect.forEach(
    [...payload.values()].flatMap(({ schemas }) => schemas as ReadonlyArray<Schema.Codec<unknown, unknown>>),
    (schema) =>
      Effect.map(
        Arbitrary.sampleEffect(Arbitrary.schema(Schema.toEncoded(schema)), { count: 20, seed: 1 }),
        (samples) => samples as ReadonlyArray<Readonly<Record<string, unknown>>>,
      ),
  ).pipe(Effect.map((all) => all.flat()))

const pathOf = ({ path }: HttpApiEndpoint.Top) => path.replaceAll(/:\w+/g, "key-number-1")
const key = { "idempotency-key": "key-number-1" }
const refusedWith = (answer: string, place: string) => {
  const { body, status } = parts(answer)
  assert.strictEqual(status, 400, answer)
  assert.include(body, `${place}: there is no such field`, answer)
}

describe("a request with what the agent does not know", () => {
  it.live("is refused at each endpoint, in its address and in its body", () =>
    Effect.gen(function* () {
      const socket = yield* serving()
      assert.isAbove(endpoints.length, 10)
      for (const endpoint of endpoints) {
        const { method } = endpoint
        const path = pathOf(endpoint)
        const bodies = yield* bodiesOf(endpoint)
        const [first] = bodies
        const asked = requestOf(method, `${path}?xyzzy=1`, key, first && JSON.stringify(first))
        refusedWith(yield* answerTo(socket, asked), "query.xyzzy")
        // Also where no body is wanted.
        for (const body of method === "GET" || bodies.length > 0 ? bodies : [{}]) {
          const odd = JSON.stringify({ ...body, xyzzy: 1 })
          refusedWith(yield* answerTo(socket, requestOf(method, path, key, odd)), "payload.xyzzy")
        }
      }
    }),
  )

  it.live("is told what was probably meant, and does nothing", () =>
    Effect.gen(function* () {
      const socket = yield* serving()
      const forma = formaOfNotes({ a: { Text: "a" } })
      const table: ReadonlyArray<readonly [path: string, body: unknown, says: string]> = [
        [
          "/v1/commands",
          { command: "apply", forma, onlyy: ["a"] },
          "payload.onlyy: there is no such field; did you mean only?",
        ],
        [
          "/v1/commands",
          { command: "apply", forma, Confirm: true },
          "payload.Confirm: there is no such field; did you mean confirm?",
        ],
        ["/v1/plan", { forma, olny: ["a"] }, "did you mean only?"],
        ["/v1/sync", { lables: ["a"], repair: true }, "did you mean labels?"],
        [
          "/v1/sync",
          { forma: { name: "notes", target: {} } },
          "forma.target: there is no such field; did you mean targets?",
        ],
        [
          "/v1/commands",
          { command: "destroy", forma: { name: "notes", only: ["a"] } },
          "forma.only: there is no such field",
        ],
        [
          "/v1/plan",
          { forma, document: { path: null, relativePath: null, isNamed: true, resources: [], moved: 1 } },
          "payload.document.moved",
        ],
      ]
      for (const [path, body, says] of table) {
        const answer = yield* answerTo(socket, requestOf("POST", path, key, JSON.stringify(body)))
        assert.strictEqual(parts(answer).status, 400, answer)
        assert.include(answer, says)
      }
      const about = yield* answerTo(socket, requestOf("GET", "/v1/events?follow=false&aftr=1"))
      assert.include(about, "query.aftr: there is no such field; did you mean after?")
      const whole = { command: "destroy", forma, whenInUse: "refuse" }
      assert.strictEqual(
        parts(yield* answerWhileOpen(socket, requestOf("POST", "/v1/commands", key, JSON.stringify(whole)))).status,
        200,
      )
      const { resources } = yield* Effect.flatMap(Agent, ({ inventory }) => inventory).pipe(
        Effect.provide(layerRemote({ socket })),
      )
      assert.deepEqual(resources, [])
    }),
  )

  it.live("says to a newer client that the agent is older", () =>
    Effect.gen(function* () {
      const socket = yield* serving()
      const body = JSON.stringify({ forma: {}, newerLimit: ["a"] })
      const answer = parts(yield* answerTo(socket, requestOf("POST", "/v1/plan", {}, body)))
      const connection = yield* connect({ socket })
      const refused = refusalOf(connection)(yield* decodeFailure(answer.body))
      assert.deepInclude(refused, { _tag: "AgentUnreachable" })
      assert.include(
        refused.message,
        `the agent is formae ${SemVer.format(agentVersion)} and does not know \`newerLimit\` of this request, so it has done nothing. It is older than this side: upgrade the agent`,
      )
    }),
  )
})
