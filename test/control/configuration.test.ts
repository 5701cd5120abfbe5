/** The configuration of an agent over its API. */
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type ChangedSetting, Configuration } from "../../src/agent/configuration/Configuration.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { listenTcp } from "../../src/control/server/AddressServer.ts"
import { serveSocket } from "../../src/control/server/ControlServer.ts"
import { answerTo, type At, parts, requestOf } from "./rawHttp.ts"
import { makeSocketFolder } from "./remoteAgent.ts"
import { layerServed, serving } from "./serving.ts"

const token = "0123456789abcdef-bob"
const canary = "canary-4e1d"

/** An agent with a configuration, on a socket and at a port. */
const makeServed = Effect.gen(function* () {
  const socket = join(yield* makeSocketFolder, "agent.sock")
  const reported: Array<ChangedSetting> = []
  const configuration = Configuration.layerNoDeps({
    given: [{ path: ["operator", "logLevel"], value: "Warn", origin: { _tag: "Variable", name: "FORMAE_X" } }],
    read: Effect.succeed([]),
    report: (change) => Effect.sync(() => void reported.push(change)),
  }).pipe(Layer.provide(PluginCoordinator.layerInProcess([])))
  const tcp = listenTcp({
    host: "127.0.0.1",
    port: 0,
    tokens: [{ name: "bob", token: Redacted.make(token) }],
  })
  const context = yield* Layer.build(
    serveSocket({ socket }).pipe(Layer.provideMerge(Layer.merge(layerServed, configuration)), Layer.orDie),
  )
  const { port } = yield* Effect.provideContext(tcp, context)
  return { port, reported, socket }
})

const asked = (at: At, method: string, headers: Readonly<Record<string, string>> = {}, body?: object) =>
  Effect.map(answerTo(at, requestOf(method, "/v1/configuration", headers, body && JSON.stringify(body))), (answer) => {
    const { body: text, status } = parts(answer)
    return { status, json: JSON.parse(text) }
  })

describe("the configuration of an agent", () => {
  it.live("is given over the API with where it comes from, and changed by its own user alone", () =>
    Effect.gen(function* () {
      const { port, reported, socket } = yield* makeServed
      const settingOf = ({ json }: Effect.Success<ReturnType<typeof asked>>, path: string) =>
        json.settings.find((one: { readonly path: ReadonlyArray<string> }) => one.path.join(".") === path)
      const before = yield* asked(socket, "GET")
      assert.deepInclude(settingOf(before, "operator.logLevel"), { value: "Warn", from: "FORMAE_X" })
      assert.deepInclude(settingOf(before, "operator.retry.maxRetries"), { value: 9, from: "default" })
      const configuration = {
        operator: { retry: { maxRetries: 1 } },
        plugin: { "fake-aws": { settings: { password: canary } } },
      }
      const set = yield* asked(socket, "PUT", {}, { configuration })
      assert.strictEqual(set.status, 200)
      assert.deepInclude(set.json.changed[0], { what: "operator.retry.maxRetries", from: "9", to: "1" })
      const after = yield* asked(socket, "GET")
      assert.match(settingOf(after, "operator.retry.maxRetries").from, /^the API \(.+\)$/)
      assert.notInclude(JSON.stringify([set, after, reported]), canary)
      const wrong = yield* asked(socket, "PUT", {}, { configuration: { operator: { retry: { maxRetries: "many" } } } })
      assert.deepInclude(wrong.json, { _tag: "Refused", code: "ConfigurationRefused" })
      assert.include(wrong.json.message, "operator.retry.maxRetries")
      const authorization = { authorization: `Bearer ${token}` }
      const denied = yield* asked(port, "PUT", authorization, { configuration })
      assert.deepEqual([denied.status, denied.json.code], [403, "ConfigurationNotYours"])
      assert.strictEqual((yield* asked(port, "GET", authorization)).status, 200)
      assert.deepEqual((yield* asked(socket, "GET")).json, after.json)
    }),
  )

  it.live("is none of an agent that a host has configured itself", () =>
    Effect.gen(function* () {
      const { json, status } = yield* asked(yield* serving(), "GET")
      assert.deepEqual([status, json.code], [404, "ConfigurationFixed"])
    }),
  )
})
