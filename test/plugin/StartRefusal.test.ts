import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { definePlugin, type ResourcePlugin } from "../../src/plugin/ResourcePlugin.ts"
import { connect, handshake } from "../operator/overMemory.ts"
import { canary, Clients, declared, refusal, Settings } from "./settablePlugin.ts"

class NoCredentials extends Schema.TaggedError<NoCredentials>("formae/test/plugin/StartRefusal.test/NoCredentials")(
  "NoCredentials",
  { profile: Schema.String },
) {
  override get message() {
    return "there are no credentials: sign in first"
  }
}

const failing = (layer: Layer.Layer<Clients, unknown>) => definePlugin({ ...declared, layer })

describe("a plugin that is declared wrongly", () => {
  it("does not compile", () => {
    const layer = Layer.succeed(Clients, Clients.of({ endpoint: "", token: "" }))
    const layerAt = ({ url }: { readonly url: string }) => Layer.succeed(Clients, { endpoint: url, token: "" })
    // @ts-expect-error: its handlers need Clients.
    definePlugin(declared)
    // @ts-expect-error: its layer makes something else.
    definePlugin({ ...declared, layer: Layer.empty })
    // @ts-expect-error: its layer takes no settings.
    definePlugin({ ...declared, settings: Settings, layer })
    // @ts-expect-error: its layer takes other settings than are declared.
    definePlugin({ ...declared, settings: Settings, layer: layerAt })
    // @ts-expect-error: its layer takes settings, but none are declared.
    definePlugin({ ...declared, layer: () => layer })
  })
})

describe("a layer that cannot be built", () => {
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
      "throws while it is built",
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
      assert.strictEqual(yield* refusal(plugin), `The plugin settable cannot start: ${reason}`)
    }),
  )

  it.effect("does not keep a plugin alive whose agent has gone", () =>
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
