import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { inProcess } from "../../src/plugin/inProcess.ts"
import { layerLocal, makeLocalOperator } from "../../src/plugin/LocalOperator.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { plugin as suite } from "../fixtures/plugins/suite/plugin.ts"
import { create, unobserved } from "../operator/operations.ts"
import { connect, handshake } from "../operator/overMemory.ts"
import { canary, given, makeSettable, refusal, withConfig } from "./settablePlugin.ts"

describe("the settings of a plugin", () => {
  it.effect("reach the layer that its handlers need, decoded, with the handshake", () =>
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

  it.effect("hold for the launch: its layer is released at the end", () =>
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
  ])("are refused in the handshake if they are wrong, with the place and without the value: %j", ([config, where]) =>
    Effect.gen(function* () {
      const { plugin, seen } = makeSettable()
      const message = yield* refusal(plugin, config)
      assert.isTrue(message.startsWith(`The settings of the plugin settable are wrong: ${where}`), message)
      assert.notInclude(message, "canary")
      assert.strictEqual(seen.built, 0)
    }),
  )
})

describe("a plugin with or without settings", () => {
  it.effect("starts with good settings after bad ones", () =>
    Effect.gen(function* () {
      const { plugin } = makeSettable()
      const { client } = yield* connect(plugin)
      yield* Effect.flip(client.Handshake(handshake()))
      yield* client.Handshake(withConfig(given))
      assert.deepInclude(yield* client.Create(create("Now", {})), { status: "Succeeded" })
    }),
  )

  it.effect("refuses settings if it has none, and shows only their names", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal(suite, { region: canary, token: canary }),
        "The plugin suite has no settings, and was given region, token: take them out of its configuration",
      )
      const { client } = yield* connect(suite)
      assert.strictEqual((yield* client.Handshake(withConfig({}))).name, "suite")
    }),
  )

  it("does not show its settings when the handshake is printed", () => {
    const request = withConfig(given)
    assert.notInclude(`${JSON.stringify(request)}${String(request.config)}`, canary)
  })

  it.effect("takes settings in process", () =>
    Effect.gen(function* () {
      const { plugin, seen } = makeSettable()
      const config = Redacted.make(given)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const linked = yield* inProcess(plugin).launch({ settings: defaultOperatorSettings, config })
          assert.deepInclude(yield* linked.operator.perform(create("Now", {}), unobserved), {
            nativeId: NativeId.make(given.endpoint),
          })
          const local = yield* Layer.build(layerLocal(plugin, { config }))
          const { perform } = Context.get(local, PluginOperator)
          assert.deepInclude(yield* perform(create("Now", {}), unobserved), { nativeId: NativeId.make(given.endpoint) })
        }),
      )
      assert.deepEqual(seen, { built: 2, released: 2 })
      const wrong = yield* Effect.flip(makeLocalOperator(plugin))
      assert.strictEqual(wrong._tag, "HandshakeRefused")
      const refused = yield* Effect.flip(inProcess(plugin).launch({ settings: defaultOperatorSettings }))
      assert.strictEqual(refused._tag, "HandshakeRefused")
    }),
  )
})

describe("a second handshake", () => {
  it.effect("is refused, and does not build the layer again", () =>
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
