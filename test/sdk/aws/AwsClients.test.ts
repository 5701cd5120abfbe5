import { createServer } from "node:http"
import { assert, describe, it, vi } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { listenOnFreePort } from "../emulators/listenOnFreePort.ts"
import { silence } from "../emulators/silence.ts"

vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true")

/** The SDK warns about keys that are set in addition to a profile. */
const withoutKeys = Effect.acquireRelease(
  Effect.sync(() => vi.stubEnv("AWS_ACCESS_KEY_ID", undefined)),
  () => Effect.sync(() => vi.stubEnv("AWS_ACCESS_KEY_ID", "test")),
)

const region = "eu-central-1"
const clientsIn = (environment: Record<string, string>) =>
  AwsClients.layer.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(environment))))

describe("the clients of AWS", () => {
  it.live("are shared by calls to the same service and target", () =>
    Effect.gen(function* () {
      const { sns, sqs } = yield* AwsClients
      const client = (endpoint: string) => sqs({ region, endpoint })((client) => Promise.resolve(client))
      const first = yield* client("http://127.0.0.1:1")
      assert.strictEqual(yield* client("http://127.0.0.1:1"), first)
      assert.notStrictEqual(yield* client("http://127.0.0.1:2"), first)
      const other: unknown = yield* sns({ region, endpoint: "http://127.0.0.1:1" })((client) => Promise.resolve(client))
      assert.notStrictEqual(other, first)
    }).pipe(Effect.provide(clientsIn({}))),
  )

  it.live("make one attempt, and report that the connection was refused", () =>
    Effect.gen(function* () {
      const port = yield* Effect.scoped(listenOnFreePort(createServer()))
      const { dynamodb } = yield* AwsClients
      const refused = yield* dynamodb({ region, endpoint: `http://127.0.0.1:${port}` })((client, options) =>
        client.listTables({}, options),
      ).pipe(Effect.flip)
      assert.strictEqual(refused.code, "NetworkFailure")
      assert.include(refused.message, "ECONNREFUSED")
    }).pipe(Effect.provide(clientsIn({}))),
  )

  it.live("report that a profile has no credentials", () =>
    Effect.gen(function* () {
      yield* withoutKeys
      const { sqs } = yield* AwsClients
      const refused = yield* sqs({ region, endpoint: "http://127.0.0.1:1", profile: "nobody" })((client, options) =>
        client.listQueues({}, options),
      ).pipe(Effect.flip)
      assert.strictEqual(refused.code, "InvalidCredentials")
    }).pipe(Effect.provide(clientsIn({}))),
  )
})

describe("the account of a target", () => {
  /** A server that answers each request in the same way, and counts them. */
  const answering = Effect.fnUntraced(function* (status: number, body: string) {
    let count = 0
    const server = createServer((_, response) => {
      count++
      response.writeHead(status, { "content-type": "text/xml" }).end(body)
    })
    return { endpoint: `http://127.0.0.1:${yield* listenOnFreePort(server)}`, asked: () => count }
  })
  const identity =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"

  it.live("is asked once", () =>
    Effect.gen(function* () {
      const { asked, endpoint } = yield* answering(200, identity)
      const { account } = yield* AwsClients
      assert.strictEqual(yield* account({ region, endpoint }), "123456789012")
      assert.strictEqual(yield* account({ region, endpoint }), "123456789012")
      assert.strictEqual(asked(), 1)
    }).pipe(Effect.provide(clientsIn({}))),
  )

  it.live("is not known at an endpoint of one's own that is no STS", () =>
    Effect.gen(function* () {
      const { endpoint } = yield* answering(500, "what?")
      const { account } = yield* AwsClients
      assert.isUndefined(yield* account({ region, endpoint }))
    }).pipe(Effect.provide(clientsIn({}))),
  )

  it.live("is asked again when the endpoint could not be reached", () =>
    Effect.gen(function* () {
      const port = yield* Effect.scoped(listenOnFreePort(createServer()))
      const { account } = yield* AwsClients
      const refused = yield* Effect.flip(account({ region, endpoint: `http://127.0.0.1:${port}` }))
      assert.strictEqual(refused.code, "NetworkFailure")
    }).pipe(Effect.provide(clientsIn({}))),
  )
})

describe("the endpoint of a client of AWS", () => {
  const own = { AWS_ENDPOINT_URL_S3: "http://own.test:1", AWS_ENDPOINT_URL: "http://shared.test:1" }
  it.live.each([
    { environment: {}, endpoint: undefined, pathStyle: false },
    { environment: own, endpoint: "own.test", pathStyle: true },
    { environment: { AWS_ENDPOINT_URL: "http://shared.test:1" }, endpoint: "shared.test", pathStyle: true },
    { environment: { AWS_ENDPOINT_URL: "" }, endpoint: undefined, pathStyle: false },
    { environment: { ...own, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }, endpoint: undefined, pathStyle: false },
  ])("comes from the environment: %j", ({ endpoint, environment, pathStyle }) =>
    Effect.gen(function* () {
      const { s3 } = yield* AwsClients
      const { config } = yield* s3({ region })((client) => Promise.resolve(client))
      const resolved = yield* Effect.promise(() => config.endpoint?.() ?? Promise.resolve(undefined))
      assert.strictEqual(resolved?.hostname, endpoint)
      assert.strictEqual(config.forcePathStyle, pathStyle)
    }).pipe(Effect.provide(clientsIn(environment))),
  )

  it.live("comes from the environment for a service of two words too", () =>
    Effect.gen(function* () {
      const { secretsManager } = yield* AwsClients
      const { config } = yield* secretsManager({ region })((client) => Promise.resolve(client))
      const resolved = yield* Effect.promise(() => config.endpoint?.() ?? Promise.resolve(undefined))
      assert.strictEqual(resolved?.hostname, "secrets.test")
    }).pipe(Effect.provide(clientsIn({ AWS_ENDPOINT_URL_SECRETS_MANAGER: "http://secrets.test:1" }))),
  )
})

describe("the connections of a client of AWS", () => {
  it.live("are closed when the operation is interrupted", () =>
    Effect.gen(function* () {
      const { endpoint, hungUp, requested } = yield* silence
      const { sqs } = yield* AwsClients
      const listing = yield* sqs({ region, endpoint })((client, options) => client.listQueues({}, options)).pipe(
        Effect.forkScoped,
      )
      yield* requested
      yield* Fiber.interrupt(listing)
      yield* hungUp.pipe(Effect.timeout("2 seconds"))
    }).pipe(Effect.provide(clientsIn({}))),
  )

  it.live("are closed with the scope of the clients", () =>
    Effect.gen(function* () {
      const server = createServer((_request, response) => response.end("{}"))
      const port = yield* listenOnFreePort(server)
      const hungUp = yield* Deferred.make<void>()
      const context = yield* Effect.context()
      server.on("connection", (socket) =>
        socket.once("close", () => Effect.runForkWith(context)(Deferred.succeed(hungUp, undefined))),
      )
      yield* Effect.gen(function* () {
        const { sqs } = yield* AwsClients
        yield* sqs({ region, endpoint: `http://127.0.0.1:${port}` })((client, options) =>
          client.listQueues({}, options),
        )
        assert.isFalse(yield* Deferred.isDone(hungUp))
      }).pipe(Effect.provide(clientsIn({}), { local: true }))
      yield* Deferred.await(hungUp).pipe(Effect.timeout("2 seconds"))
    }),
  )
})
