import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import { HttpClientError, TransportError } from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import { boundedClient } from "../../../src/cli/telemetry/BoundedClient.ts"

const url = "http://user:password@collector:4318/v1/traces?key=password"

/** A client over a collector, and what it warns of. */
const makeBounded = (answer: Parameters<typeof HttpClient.make>[0]) => {
  const warnings: Array<string> = []
  const logger = Logger.make<unknown, void>(({ message }) => void warnings.push(String(message)))
  const ending = { isEnding: false, abandoned: Deferred.makeUnsafe<void>() }
  const client = boundedClient(HttpClient.make(answer), { timeoutMillis: 10_000 }, ending)
  const post = Effect.exit(client.post(url)).pipe(Effect.provide(Logger.layer([logger])))
  return { ending, post, warnings }
}

const refused: Parameters<typeof HttpClient.make>[0] = (request) =>
  Effect.fail(new HttpClientError({ reason: new TransportError({ request, cause: "ECONNREFUSED" }) }))

const warning = (why: string) =>
  `Telemetry is not sent to collector:4318/v1/traces: ${why}. The work goes on without it; the OTEL_ variables of the environment say where it goes`

describe("a collector", () => {
  it.effect("that is not there is warned of once, without what may be a password, and not tried again at the end", () =>
    Effect.gen(function* () {
      const { ending, post, warnings } = makeBounded(refused)
      assert.include(String(yield* post), "HttpClientError")
      yield* post
      assert.deepEqual(warnings, [warning("the collector cannot be reached")])
      ending.isEnding = true
      const last = yield* post
      assert.isTrue(last._tag === "Failure" && last.cause.reasons.every(({ _tag }) => _tag === "Die"))
    }),
  )

  it.effect("that answers with an error is warned of", () =>
    Effect.gen(function* () {
      const { post, warnings } = makeBounded((request) =>
        Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null, { status: 401 }))),
      )
      yield* post
      assert.deepEqual(warnings, [warning("the collector answers 401")])
    }),
  )

  it.effect("that is slow has at most four requests, and each a time limit", () =>
    Effect.gen(function* () {
      let asked = 0
      const { post, warnings } = makeBounded(() =>
        Effect.andThen(
          Effect.sync(() => (asked += 1)),
          Effect.never,
        ),
      )
      const fibers = yield* Effect.forEach(Array.from({ length: 6 }), () =>
        Effect.forkChild(post, { startImmediately: true }),
      )
      assert.strictEqual(asked, 4)
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.joinAll(fibers)
      assert.deepEqual(warnings, [warning("the collector answers too slowly")])
      yield* Effect.forkChild(post, { startImmediately: true })
      assert.strictEqual(asked, 5)
    }),
  )

  it.effect("is not waited for any more once the end has taken its time", () =>
    Effect.gen(function* () {
      const { ending, post, warnings } = makeBounded(() => Effect.never)
      const fiber = yield* Effect.forkChild(post, { startImmediately: true })
      yield* Deferred.succeed(ending.abandoned, undefined)
      yield* Fiber.join(fiber)
      assert.deepEqual(warnings, [warning("the collector has not answered by the end of the command")])
    }),
  )
})
