import { supportedFeatures } from "../../src/protocol/Features.ts"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import * as TestClock from "effect/testing/TestClock"
import { Cookie } from "../../src/protocol/Identity.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { plugin } from "../fixtures/plugins/suite/plugin.ts"
import { create, freshOperationId, list, read, remove, status, update } from "../operator/operations.ts"
import { connect, handshake } from "../operator/overMemory.ts"

const making = () => create("Now", { Name: "a" })
const later = () => create("Later", { Name: "a", Polls: 0, StatusFails: [] })
const noRetries = {
  ...defaultOperatorSettings,
  retry: { ...defaultOperatorSettings.retry, maxRetries: 0 },
}
const noTraits = {
  required: false,
  createOnly: false,
  writeOnly: false,
  opaque: false,
  output: false,
  unordered: false,
}

describe("the handshake", () => {
  it.effect("comes first: every other call fails before it", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      const calls = [
        client.Create(making()),
        client.Read(read("Now", "a")),
        client.Update(update("Now", "a", { prior: {}, desired: {}, patch: [] })),
        client.Delete(remove("Now", "a")),
        client.Status(status("Now", "r")),
        client.List(list("Now")),
        client.Recover(making()),
        client.Configure(defaultOperatorSettings),
        client.Describe({ types: [] }),
      ]
      for (const call of calls) {
        const error = yield* Effect.flip<unknown, { readonly _tag: string; readonly message: string }, never>(call)
        assert.deepEqual([error._tag, error.message], ["ProtocolError", "The first call must be the Handshake"])
      }
      yield* client.Handshake(handshake())
      assert.deepInclude(yield* client.Create(making()), { status: "Succeeded" })
    }),
  )

  it.effect("says who the plugin is, and what it can do", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      const { types, ...identity } = yield* client.Handshake(handshake())
      assert.deepEqual(
        { ...identity },
        {
          protocol: 1,
          name: "suite",
          namespace: plugin.namespace,
          version: "1.2.3",
          node: identity.node,
          cookie: handshake().cookie,
          pid: 1,
          features: supportedFeatures,
        },
      )
      const thing = types.find(({ type }) => type === "Suite::Now::Thing")
      assert.deepInclude(thing, { idempotency: "name", listable: true, recoverable: false })
      assert.deepEqual(thing?.properties, {
        Name: { ...noTraits, required: true, createOnly: true },
        Size: noTraits,
        Secret: { ...noTraits, opaque: true },
        Region: { ...noTraits, output: true },
      })
    }),
  )

  it.effect("has no schemas for an agent that asks for them: then they are those of other agents", () =>
    Effect.gen(function* () {
      const older = yield* (yield* connect(plugin)).client.Handshake(handshake())
      const { client } = yield* connect(plugin)
      const { types } = yield* client.Handshake({ ...handshake(), features: ["describe"] })
      assert.deepEqual(
        types,
        older.types.map((type) => Struct.omit(type, ["schema", "targetSchema"])),
      )
      const described = yield* client.Describe({ types: types.map(({ type }) => type) })
      assert.deepEqual<unknown>(
        described.types,
        older.types.map(({ schema, targetSchema, type }) => ({ type, schema, targetSchema })),
      )
    }),
  )

  it.effect("is refused without the right cookie, and then other calls still fail", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      const refused = yield* Effect.flip(client.Handshake({ ...handshake(), cookie: Cookie.make("guessed") }))
      assert.strictEqual(refused._tag, "HandshakeRefused")
      assert.notInclude(refused.message, handshake().cookie)
      assert.strictEqual((yield* Effect.flip(client.Create(making())))._tag, "ProtocolError")
    }),
  )

  it.effect.each([
    [{ min: 2, max: 4 }, "speaks protocol 1, the agent 0.1.0 speaks 2 to 4: upgrade the plugin"],
    [{ min: 0, max: 0 }, "speaks protocol 1, the agent 0.1.0 speaks 0: upgrade the agent"],
  ] as const)("of an agent that speaks %j is refused with what to upgrade", ([protocol, sentence]) =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      const refused = yield* Effect.flip(client.Handshake({ ...handshake(), protocol }))
      assert.strictEqual(refused._tag, "HandshakeRefused")
      assert.include(refused.message, sentence)
    }),
  )

  it.effect("of a later agent that still speaks this protocol chooses it", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      const { protocol } = yield* client.Handshake({ ...handshake(), protocol: { min: 1, max: 7 } })
      assert.strictEqual(protocol, 1)
    }),
  )
})

describe("the settings of the handshake", () => {
  it.effect("hold until Configure changes them for later operations", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake(noRetries))
      const begin = Effect.fnUntraced(function* () {
        const operation = create("Flaky", { Fails: ["Throttling"] })
        assert.deepInclude(yield* client.Create(operation), { status: "InProgress", attempts: 1 })
        const { operationId } = operation
        return yield* Effect.forkChild(Stream.runCollect(client.Watch({ operationId })), { startImmediately: true })
      })
      const before = yield* begin()
      yield* client.Configure(defaultOperatorSettings)
      assert.deepInclude((yield* Fiber.join(before)).at(-1), { status: "Failed", attempts: 1 })
      const after = yield* begin()
      // Its answer shows that the Watch before it has arrived.
      yield* client.Read(read("Now", "a"))
      yield* TestClock.adjust("1 second")
      assert.deepInclude((yield* Fiber.join(after)).at(-1), { status: "Succeeded", attempts: 2 })
    }),
  )
})

describe("an operation id", () => {
  it.effect("of an operation that was not sent cannot be watched", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake())
      const operationId = freshOperationId()
      const error = yield* Effect.flip(Stream.runDrain(client.Watch({ operationId })))
      assert.deepEqual([error._tag, error.message], ["ProtocolError", `There is no operation ${operationId} to watch`])
    }),
  )

  it.effect("of an operation that ended right away cannot be watched, and can be used again", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake())
      const operation = making()
      yield* client.Create(operation)
      const error = yield* Effect.flip(Stream.runDrain(client.Watch({ operationId: operation.operationId })))
      assert.strictEqual(error._tag, "ProtocolError")
      assert.deepInclude(yield* client.Create(operation), { status: "Succeeded" })
    }),
  )

  it.effect("of an operation under way does not begin another, whether it is watched or not", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake())
      const operation = later()
      assert.deepInclude(yield* client.Create(operation), { status: "InProgress", attempts: 1 })
      // Sent again by a caller that lost the first answer: it gets the same one.
      assert.deepInclude(yield* client.Create(operation), { status: "InProgress", attempts: 1 })
      const watching = yield* Effect.forkChild(
        Stream.runCollect(client.Watch({ operationId: operation.operationId })),
        { startImmediately: true },
      )
      const again = yield* Effect.flip(client.Create(operation))
      assert.deepEqual(
        [again._tag, again.message],
        ["ProtocolError", `The operation ${operation.operationId} is under way already`],
      )
      yield* TestClock.adjust("2 millis")
      assert.deepInclude((yield* Fiber.join(watching)).at(-1), { properties: { Name: "a", Asked: 1, Sent: 1 } })
      // It has ended, and its id is free.
      assert.deepInclude(yield* client.Create(operation), { status: "InProgress", attempts: 1 })
    }),
  )
})

describe("an operation", () => {
  it.effect("that is watched cannot be watched twice", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake())
      const operation = later()
      const { operationId } = operation
      yield* client.Create(operation)
      const watching = yield* Effect.forkChild(Stream.runDrain(client.Watch({ operationId })), {
        startImmediately: true,
      })
      const error = yield* Effect.flip(Stream.runDrain(client.Watch({ operationId })))
      assert.strictEqual(error._tag, "ProtocolError")
      yield* TestClock.adjust("2 millis")
      yield* Fiber.join(watching)
    }),
  )

  it.effect("that is not watched does nothing", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake())
      const operation = later()
      yield* client.Create(operation)
      yield* TestClock.adjust("1 hour")
      const watching = yield* Effect.forkChild(
        Stream.runCollect(client.Watch({ operationId: operation.operationId })),
        { startImmediately: true },
      )
      yield* client.Read(read("Now", "a"))
      yield* TestClock.adjust("2 millis")
      assert.deepInclude((yield* Fiber.join(watching)).at(-1), { properties: { Name: "a", Asked: 1, Sent: 1 } })
    }),
  )

  it.effect("of an unknown type leaves nothing behind", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(plugin)
      yield* client.Handshake(handshake())
      const unknown = create("None", {})
      for (const _ of [1, 2]) {
        assert.strictEqual((yield* Effect.flip(client.Create(unknown)))._tag, "OperationNotSupported")
      }
      assert.deepInclude(yield* client.Create({ ...making(), operationId: unknown.operationId }), {
        status: "Succeeded",
      })
    }),
  )
})
