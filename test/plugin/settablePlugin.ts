/** A plugin with settings of its own, and what its handlers need. */
import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { deleted, succeeded } from "../../src/plugin/Answer.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"
import { definePlugin, type ResourcePlugin } from "../../src/plugin/ResourcePlugin.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { read } from "../operator/operations.ts"
import { connect, handshake } from "../operator/overMemory.ts"

export const canary = "canary-51c0"

/** What the handlers need. It shows the settings that it was made with. */
export class Clients extends Context.Service<Clients, { readonly endpoint: string; readonly token: string }>()(
  "formae/test/plugin/settablePlugin/Clients",
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

export const declared = { name: "settable", namespace: "Suite", version: "1.0.0", types: [Endpoint] }

export const Settings = Schema.Struct({
  endpoint: Schema.String.check(Schema.isStartingWith("https://")),
  token: Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(8))),
  retries: Schema.optionalKey(Schema.Int),
})

/** A plugin with settings that counts how often its layer is built and released. */
export const makeSettable = () => {
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

export const given = { endpoint: "https://cloud", token: canary }
export const withConfig = (config: Properties) => ({ ...handshake(), config: Redacted.make(config) })

/** Why a plugin refuses to start with these settings. */
export const refusal = Effect.fnUntraced(function* <R>(plugin: ResourcePlugin<R>, config?: Properties) {
  const { client } = yield* connect(plugin)
  const error = yield* Effect.flip(client.Handshake(config === undefined ? handshake() : withConfig(config)))
  if (error._tag !== "HandshakeRefused") return yield* Effect.die(error)
  assert.strictEqual((yield* Effect.flip(client.Read(read("Now", "a"))))._tag, "ProtocolError")
  return error.message
})
