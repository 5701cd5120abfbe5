import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { deleted, succeeded } from "../../src/plugin/Answer.ts"
import { inProcess } from "../../src/plugin/inProcess.ts"
import { layerLocal, makeLocalOperator } from "../../src/plugin/LocalOperator.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"
import { definePlugin, type ResourcePlugin } from "../../src/plugin/ResourcePlugin.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { plugin as suite } from "../fixtures/plugins/suite/plugin.ts"
import { create, read, unobserved } from "../operator/operations.ts"
import { connect, handshake } from "../operator/overMemory.ts"

const canary = "canary-51c0"

/** What the handlers need: it tells what it was made of. */
class Clients extends Context.Service<Clients, { readonly endpoint: string; readonly token: string }>()(
  "formae/test/plugin/PluginSettings.test/Clients",
) {}

const Endpoint = defineResource({
  type: "Suite::Now::Thing",
  idempotency: "name",
  target: Schema.Struct({ region: Schema.String }),
  properties: Schema.Struct({}),
  create: () =>
    Clients.use(({ endpoint, token }) =>
      Effect.succeed(succeeded({ nativeId: endpoint, properties: { tokenLength: token.length } })),
    ),
  read: () => Clients.use(({ endpoint }) => Effect.succeed({ endpoint })),
  delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
})

const declared = { name: "settable", namespace: "Suite", version: "1.0.0", types: [Endpoint] }

const Settings = Schema.Struct({
  endpoint: Schema.String.check(Schema.isStartingWith("https://")),
  token: Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(8))),
  retries: Schema.optionalKey(Schema.Int),
})

/** Takes settings, and counts how often its layer is built and released. */
const makeSettable = () => {
  const seen = { built: 0, released: 0 }
  const plugin = definePlugin({
    ...declared,
    settings: Settings,
    layer: ({ endpoint, token }) =>
      Layer.effect(
        Clients,
        Effect.acquireRelease(
          Effect.sync(() => {
            seen.built += 1
            return Clients.of({ endpoint, token: Redacted.value(token) })
          }),
          () => Effect.sync(() => (seen.released += 1)),
        ),
      ),
  })
  return { plugin, seen }
}

const given = { endpoint: "https://cloud", token: canary }
const withConfig = (config: Properties) => ({ ...handshake(), config: Redacted.make(config) })

/** Why a plugin refuses to start with these settings. */
const refusal = Effect.fnUntraced(function* <R>(plugin: ResourcePlugin<R>, config?: Properties) {
  const { client } = yield* connect(plugin)
  const error = yield* Effect.flip(client.Handshake(config === undefined ? handshake() : withConfig(config)))
  if (error._tag !== "HandshakeRefused") return yield* Effect.die(error)
  assert.strictEqual((yield* Effect.flip(client.Read(read("Now", "a"))))._tag, "ProtocolError")
  return error.message
})

describe("the settings of a plugin", () => {
  it.effect("come with the handshake, decoded, to the layer that its handlers need", () =>
    Effect.gen(function* () {
      const { plugin, seen } = makeSettable()
      const { client } = yield* connect(plugin)
      assert.strictEqual(seen.built, 0)
      yield* client.Handshake(withConfig(given))
      assert.deepInclude(yield* client.Create(create("Now", {})), {
        nativeId: NativeId.make(given.endpoint),
        properties: { tokenLength: canary.length },
      })
      assert.deepEqual(seen, { built: 1, released: 0 })
    }),
  )

  it.effect("hold as long as the launch: what was built of them is released at its end", () =>
    Effect.gen(function* () {
      const { plugin, seen } = makeSettable()
      const { client, connection, server } = yield* connect(plugin)
      yield* client.Handshake(withConfig(given))
      yield* connection.end
      yield* Fiber.join(server)
      assert.deepEqual(seen, { built: 1, released: 1 })
    }),
  )

  it.effect.each<[Properties | undefined, string]>([
    [{ ...given, endpoint: "canary" }, "endpoint: "],
    [{ ...given, token: "canary" }, "token"],
    [{ ...given, token: { canary } }, "token"],
    [{ ...given, retries: canary }, "retries: "],
    [{ ...given, tokens: canary }, "tokens: there is no such field"],
    [{ token: canary }, "endpoint: is missing"],
    [{}, "endpoint: is missing; token: is missing"],
    [undefined, "endpoint: is missing; token: is missing"],
  ])("that are wrong refuse the handshake with where, and never with what: %j", ([config, where]) =>
    Effect.gen(function* () {
      const { plugin, seen } = makeSettable()
      const message = yield* refusal(plugin, config)
      assert.isTrue(message.startsWith(`The settings of the plugin settable are wrong: ${where}`), message)
      assert.notInclude(message, "canary")
      assert.strictEqual(seen.built, 0)
    }),
  )

  it.effect("that are right start it after all", () =>
    Effect.gen(function* () {
      const { plugin } = makeSettable()
      const { client } = yield* connect(plugin)
      yield* Effect.flip(client.Handshake(handshake()))
      yield* client.Handshake(withConfig(given))
      assert.deepInclude(yield* client.Create(create("Now", {})), { status: "Succeeded" })
    }),
  )

  it.effect("are refused by a plugin that has none, with their names only", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal(suite, { region: canary, token: canary }),
        "The plugin suite has no settings, and was given region, token: take them out of its configuration",
      )
      const { client } = yield* connect(suite)
      assert.strictEqual((yield* client.Handshake(withConfig({}))).name, "suite")
    }),
  )

  it("are not shown by whatever prints the handshake", () => {
    const request = withConfig(given)
    assert.notInclude(`${JSON.stringify(request)}${String(request.config)}`, canary)
  })

  it.effect("can be given in process", () =>
    Effect.gen(function* () {
      const { plugin, seen } = makeSettable()
      const config = Redacted.make(given)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const linked = yield* inProcess(plugin, undefined, config).operator
          assert.deepInclude(yield* linked.perform(create("Now", {}), unobserved), {
            nativeId: NativeId.make(given.endpoint),
          })
          const local = yield* Layer.build(layerLocal(plugin, undefined, config))
          const { perform } = Context.get(local, PluginOperator)
          assert.deepInclude(yield* perform(create("Now", {}), unobserved), { nativeId: NativeId.make(given.endpoint) })
        }),
      )
      assert.deepEqual(seen, { built: 2, released: 2 })
      const wrong = yield* Effect.flip(makeLocalOperator(plugin))
      assert.strictEqual(wrong._tag, "HandshakeRefused")
      const linked = yield* Effect.exit(inProcess(plugin).operator)
      assert.isTrue(linked._tag === "Failure" && linked.cause.reasons.every(({ _tag }) => _tag === "Die"))
    }),
  )
})

class NoCredentials extends Schema.TaggedError<NoCredentials>("formae/test/plugin/PluginSettings.test/NoCredentials")(
  "NoCredentials",
  { profile: Schema.String },
) {
  override get message() {
    return "there are no credentials: sign in first"
  }
}

const failing = (layer: Layer.Layer<Clients, unknown>) => definePlugin({ ...declared, layer })

describe("a plugin that is not declared as it must be", () => {
  it("is told by its types", () => {
    const layer = Layer.succeed(Clients, Clients.of({ endpoint: "", token: "" }))
    const layerAt = ({ url }: { readonly url: string }) => Layer.succeed(Clients, { endpoint: url, token: "" })
    // @ts-expect-error: its handlers need Clients.
    definePlugin(declared)
    // @ts-expect-error: a layer of something else.
    definePlugin({ ...declared, layer: Layer.empty })
    // @ts-expect-error: settings that its layer does not take.
    definePlugin({ ...declared, settings: Settings, layer })
    // @ts-expect-error: a layer that takes other settings than are declared.
    definePlugin({ ...declared, settings: Settings, layer: layerAt })
    // @ts-expect-error: a layer that takes settings, and none are declared.
    definePlugin({ ...declared, layer: () => layer })
  })
})

describe("a layer that can not be built", () => {
  it.effect.each<[string, ResourcePlugin<Clients>, string]>([
    [
      "fails",
      failing(Layer.effect(Clients, Effect.fail(new NoCredentials({ profile: canary })))),
      "there are no credentials: sign in first",
    ],
    ["dies", failing(Layer.effect(Clients, Effect.die(new TypeError("no such thing")))), "no such thing"],
    ["fails with a text", failing(Layer.effect(Clients, Effect.fail("no cloud"))), "no cloud"],
    ["fails with a tag", failing(Layer.effect(Clients, Effect.fail({ _tag: "NoCloud", key: canary }))), "NoCloud"],
    ["fails with data", failing(Layer.effect(Clients, Effect.fail({ key: canary }))), "its layer failed"],
    [
      "throws while it is made",
      definePlugin({
        ...declared,
        settings: Schema.Struct({}),
        layer: (): Layer.Layer<Clients> => {
          throw new RangeError("too far")
        },
      }),
      "too far",
    ],
  ])("because it %s refuses the handshake with the reason", ([, plugin, reason]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refusal(plugin), `The plugin settable can not start: ${reason}`)
    }),
  )

  it.effect("does not keep a plugin whose agent has gone, however long it takes", () =>
    Effect.gen(function* () {
      const building = yield* Deferred.make<void>()
      const endless = definePlugin({
        ...declared,
        layer: Layer.effect(Clients, Effect.andThen(Deferred.succeed(building, undefined), Effect.never)),
      })
      const { client, connection, server } = yield* connect(endless)
      yield* Effect.forkChild(Effect.exit(client.Handshake(handshake())))
      yield* Deferred.await(building)
      yield* connection.end
      yield* TestClock.adjust("500 millis")
      yield* Fiber.join(server)
    }),
  )
})

describe("a second handshake", () => {
  it.effect("is refused, and builds nothing anew", () =>
    Effect.gen(function* () {
      const { plugin, seen } = makeSettable()
      const { client } = yield* connect(plugin)
      const both = yield* Effect.forEach([1, 2], () => Effect.exit(client.Handshake(withConfig(given))), {
        concurrency: "unbounded",
      })
      assert.deepEqual(
        both.map(({ _tag }) => _tag),
        ["Success", "Failure"],
      )
      const again = yield* Effect.flip(client.Handshake(withConfig(given)))
      assert.strictEqual(again.message, "This launch has had its handshake already")
      assert.strictEqual(seen.built, 1)
      assert.deepInclude(yield* client.Create(create("Now", {})), { status: "Succeeded" })
    }),
  )
})
