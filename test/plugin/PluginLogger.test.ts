import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as TestConsole from "effect/testing/TestConsole"
import { deleted, inProgress, succeeded } from "../../src/plugin/Answer.ts"
import { layerPluginLogger } from "../../src/plugin/PluginLogger.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"
import { definePlugin } from "../../src/plugin/ResourcePlugin.ts"
import { OperationId } from "../../src/protocol/Identity.ts"
import { LogRecord } from "../../src/protocol/LogRecord.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { plugin as suite } from "../fixtures/plugins/suite/plugin.ts"
import { create, list, read, remove } from "../operator/operations.ts"
import { connect, handshake } from "../operator/overMemory.ts"

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(LogRecord))

/** The records on stderr, as an agent would read them. */
const records = Effect.flatMap(TestConsole.errorLines, (texts) =>
  Effect.forEach(
    texts.flatMap((text) => String(text).split("\n")).filter((line) => line !== ""),
    (line) => decode(line),
  ),
)

const messages = Effect.map(records, (logged) => logged.map(({ level, message }) => `${level} ${message}`))

describe("the logger of a plugin", () => {
  it.effect("writes each record on a line of its own", () =>
    Effect.gen(function* () {
      yield* Effect.logWarning("slow", { tries: 2 }).pipe(
        Effect.annotateLogs({ operationId: "op-1", try: 2, last: false, what: { a: [1n] } }),
      )
      assert.deepEqual(yield* records, [
        {
          _log: 1,
          level: "Warn",
          message: `slow {"tries":2}`,
          operationId: OperationId.make("op-1"),
          annotations: { try: 2, last: false, what: `{"a":[1n]}` },
        },
      ])
      // On a fresh line, so that half a line of something else does not become its beginning.
      assert.isTrue((yield* TestConsole.errorLines).every((text) => String(text).startsWith("\n{")))
      assert.deepEqual(yield* TestConsole.logLines, [])
    }).pipe(Effect.provide(layerPluginLogger)),
  )

  it.effect("has the four levels of the protocol", () =>
    Effect.gen(function* () {
      yield* Effect.logFatal("a")
      yield* Effect.logError("b")
      yield* Effect.logWarning("c")
      yield* Effect.logInfo("d")
      yield* Effect.logDebug("e")
      yield* Effect.logTrace("f")
      assert.deepEqual(yield* messages, ["Error a", "Error b", "Warn c", "Info d"])
    }).pipe(Effect.provide(layerPluginLogger)),
  )

  it.effect("logs an error with its stack, in one record", () =>
    Effect.gen(function* () {
      yield* Effect.logError("it broke", Cause.die(new TypeError("no such thing")))
      yield* Effect.logError(new RangeError("too far"))
      const [cause, error] = yield* messages
      assert.match(cause ?? "", /^Error it broke\nTypeError: no such thing\n +at /)
      assert.match(error ?? "", /^Error RangeError: too far\n +at /)
    }).pipe(Effect.provide(layerPluginLogger)),
  )

  it.effect("says how long a span has taken", () =>
    Effect.gen(function* () {
      const logged = yield* Effect.forkChild(
        Effect.delay(Effect.logInfo("done"), "250 millis").pipe(Effect.withLogSpan("copy")),
      )
      yield* TestClock.adjust("250 millis")
      yield* Fiber.join(logged)
      assert.deepEqual((yield* records)[0]?.annotations, { copy: "250ms" })
    }).pipe(Effect.provide(layerPluginLogger)),
  )

  it.effect("shows nothing that is redacted, and survives any value", () =>
    Effect.gen(function* () {
      const circle: { self?: unknown } = {}
      circle.self = circle
      const hostile = {
        toString: () => {
          throw new Error("no text")
        },
      }
      yield* Effect.logInfo("key", Redacted.make("canary"), { deep: [Redacted.make("canary")] }).pipe(
        Effect.annotateLogs({ token: Redacted.make("canary"), circle, hostile, nothing: undefined, far: Infinity }),
      )
      yield* Effect.logInfo(circle, hostile, Symbol("s"), undefined, 1n)
      assert.notInclude((yield* TestConsole.errorLines).join(), "canary")
      assert.lengthOf(yield* records, 2)
    }).pipe(Effect.provide(layerPluginLogger)),
  )
})

const chatty = definePlugin({
  name: "chatty",
  namespace: "Suite",
  version: "1.0.0",
  types: [
    defineResource({
      type: "Suite::Now::Thing",
      idempotency: "name",
      target: Schema.Struct({ region: Schema.String }),
      properties: Schema.Struct({}),
      create: () => Effect.as(Effect.logInfo("create"), inProgress({ requestId: "r" })),
      status: () => Effect.as(Effect.logInfo("status"), succeeded({ nativeId: "n", properties: {} })),
      read: () => Effect.as(Effect.logDebug("read"), {}),
      delete: ({ nativeId }) => Effect.as(Effect.logError("delete"), deleted(nativeId)),
      list: () => Effect.as(Effect.logInfo("list"), { nativeIds: [] }),
    }),
  ],
})

describe("a served plugin", () => {
  it.effect("logs with the id of the operation", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(chatty)
      yield* client.Handshake(handshake())
      const [creating, deleting, listing] = [create("Now", {}), remove("Now", "n"), list("Now")]
      yield* client.Create(creating)
      const { operationId } = creating
      const watched = yield* Effect.forkChild(Stream.runDrain(client.Watch({ operationId })), {
        startImmediately: true,
      })
      // Their answers show that the Watch before them has arrived.
      yield* client.Delete(deleting)
      yield* client.List(listing)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(watched)
      assert.deepEqual(
        (yield* records).map(({ message, operationId: of }) => [message, of]),
        [
          ["create", operationId],
          ["delete", deleting.operationId],
          ["list", listing.operationId],
          ["status", operationId],
        ],
      )
    }).pipe(Effect.provide(layerPluginLogger)),
  )

  it.effect("logs from the level of its handshake, and from that of Configure later", () =>
    Effect.gen(function* () {
      const { client } = yield* connect(chatty)
      const at = (logLevel: "Debug" | "Info" | "Error") => ({ ...defaultOperatorSettings, logLevel })
      const calls = Effect.fnUntraced(function* () {
        yield* client.Read(read("Now", "n"))
        yield* client.List(list("Now"))
        yield* client.Delete(remove("Now", "n"))
      })
      yield* client.Handshake(handshake(at("Error")))
      yield* calls()
      assert.deepEqual(yield* messages, ["Error delete"])
      yield* client.Configure(at("Debug"))
      yield* calls()
      assert.deepEqual(yield* messages, ["Error delete", "Debug read", "Info list", "Error delete"])
      yield* client.Configure(at("Info"))
      yield* calls()
      assert.deepEqual((yield* messages).slice(4), ["Info list", "Error delete"])
    }).pipe(Effect.provide(layerPluginLogger)),
  )

  it.effect("logs no properties, whether the call succeeds or fails", () =>
    Effect.gen(function* () {
      const { client, pair } = yield* connect(suite)
      yield* client.Handshake(handshake({ ...defaultOperatorSettings, logLevel: "Debug" }))
      const payload = { ...create("Now", { Name: "a", Secret: "canary" }), label: 7 }
      const requests = ["Create", "NoSuchCall", "Create"].map((tag, id) =>
        JSON.stringify({ _tag: "Request", id: `by hand ${id}`, tag, headers: [], isNotification: id === 2, payload }),
      )
      yield* Stream.run(Stream.make(`${requests.join("\n")}\n`), pair.agent.stdout())
      for (const properties of [
        { Secret: "canary" },
        { Name: "a", Secret: ["canary"] },
        { Name: "a", Secret: "canary-9" },
      ]) {
        yield* client.Create(create("Now", properties))
      }
      assert.strictEqual(
        (yield* Effect.flip(client.Create(create("None", { Secret: "canary" }))))._tag,
        "OperationNotSupported",
      )
      assert.notInclude((yield* TestConsole.errorLines).join(), "canary")
    }).pipe(Effect.provide(layerPluginLogger)),
  )

  it.effect("does not log a frame that it cannot read", () =>
    Effect.gen(function* () {
      const { client, pair } = yield* connect(chatty)
      const broken = `{"_tag":"Request","id":9,"tag":"Create","payload":{"properties":{"Secret":"canary"}}`
      yield* Stream.run(Stream.make(`${broken}\n`), pair.agent.stdout())
      yield* client.Handshake(handshake())
      assert.deepEqual(yield* messages, [`Warn A line of ${broken.length} characters on stdin is not a frame`])
    }).pipe(Effect.provide(layerPluginLogger)),
  )
})
