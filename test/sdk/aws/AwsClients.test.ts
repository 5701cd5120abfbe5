import { createServer } from "node:http"
import { assert, describe, it, vi } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { listenOnFreePort } from "../emulators/listenOnFreePort.ts"

vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true")

/** The SDK warns of keys that stand beside a profile. */
const withoutKeys = Effect.acquireRelease(
  Effect.sync(() => vi.stubEnv("AWS_ACCESS_KEY_ID", undefined)),
  () => Effect.sync(() => vi.stubEnv("AWS_ACCESS_KEY_ID", "test")),
)

const region = "eu-central-1"
const clientsIn = (environment: Record<string, string>) =>
  AwsClients.layer.pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(environment))))

describe("the clients of AWS", () => {
  it.live("are one for each service and target", () =>
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

  const own = { AWS_ENDPOINT_URL_S3: "http://own.test:1", AWS_ENDPOINT_URL: "http://shared.test:1" }
  it.live.each([
    { environment: {}, endpoint: undefined, pathStyle: false },
    { environment: own, endpoint: "own.test", pathStyle: true },
    { environment: { AWS_ENDPOINT_URL: "http://shared.test:1" }, endpoint: "shared.test", pathStyle: true },
    { environment: { AWS_ENDPOINT_URL: "" }, endpoint: undefined, pathStyle: false },
    { environment: { ...own, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }, endpoint: undefined, pathStyle: false },
  ])("obey the endpoint of the environment: %j", ({ endpoint, environment, pathStyle }) =>
    Effect.gen(function* () {
      const { s3 } = yield* AwsClients
      const { config } = yield* s3({ region })((client) => Promise.resolve(client))
      const resolved = yield* Effect.promise(() => config.endpoint?.() ?? Promise.resolve(undefined))
      assert.strictEqual(resolved?.hostname, endpoint)
      assert.strictEqual(config.forcePathStyle, pathStyle)
    }).pipe(Effect.provide(clientsIn(environment))),
  )

  it.live("know a service of two words by its name in the environment", () =>
    Effect.gen(function* () {
      const { secretsManager } = yield* AwsClients
      const { config } = yield* secretsManager({ region })((client) => Promise.resolve(client))
      const resolved = yield* Effect.promise(() => config.endpoint?.() ?? Promise.resolve(undefined))
      assert.strictEqual(resolved?.hostname, "secrets.test")
    }).pipe(Effect.provide(clientsIn({ AWS_ENDPOINT_URL_SECRETS_MANAGER: "http://secrets.test:1" }))),
  )

  it.live("hang up when the operation is interrupted", () =>
    Effect.gen(function* () {
      const asked = yield* Deferred.make<void>()
      const hungUp = yield* Deferred.make<void>()
      const context = yield* Effect.context()
      const port = yield* listenOnFreePort(
        createServer((request) => {
          Effect.runForkWith(context)(Deferred.succeed(asked, undefined))
          request.socket.once("close", () => Effect.runForkWith(context)(Deferred.succeed(hungUp, undefined)))
        }),
      )
      const { sqs } = yield* AwsClients
      const listing = yield* sqs({ region, endpoint: `http://127.0.0.1:${port}` })((client, options) =>
        client.listQueues({}, options),
      ).pipe(Effect.forkScoped)
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(listing)
      yield* Deferred.await(hungUp).pipe(Effect.timeout("2 seconds"))
    }).pipe(Effect.provide(clientsIn({}))),
  )

  it.live("close their connections with their scope", () =>
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

  it.live("make one attempt, and say that nobody answers", () =>
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

  it.live("say that a profile holds no credentials", () =>
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
