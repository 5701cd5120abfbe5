import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as SqlClient from "effect/sql/SqlClient"
import { Agent } from "../../src/agent/Agent.ts"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { formaOf, makeShop } from "./shop.ts"

const layer = Agent.layer.pipe(
  Layer.provideMerge(Store.layerMemory),
  Layer.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
)

const makeDocuments = Effect.gen(function* () {
  const agent = yield* Agent
  const { target } = yield* makeShop
  const sql = yield* SqlClient.SqlClient
  const forma = (name: string, id: Properties[string]) => ({
    ...formaOf(name, target(), {}),
    outputs: { id: id ?? null },
  })
  for (const name of ["good", "broken", "unread"]) yield* agent.apply(forma(name, name))
  yield* sql`UPDATE document_outputs SET uses = '["good"]' WHERE forma = 'broken'`
  yield* sql`UPDATE document_outputs SET outputs = '{', checksum = NULL WHERE forma = 'unread'`
  const listed = (name?: string) =>
    Effect.match(agent.outputs({ name }), {
      onSuccess: ({ outputs }): unknown => outputs,
      onFailure: (error) => (error._tag === "JournalUnreadable" ? error.id : error.message),
    })
  const applied = (name: string, used: string) =>
    Effect.match(agent.apply(forma(name, { $output: used })), {
      onSuccess: ({ outputs }): unknown => outputs,
      onFailure: (error) => (error._tag === "JournalUnreadable" ? error.id : error.message),
    })
  return { agent, applied, forma, listed }
})

describe("the outputs of a document whose row is damaged", () => {
  it.effect("stop who uses them, and nobody else", () =>
    Effect.gen(function* () {
      const { agent, applied, forma, listed } = yield* makeDocuments
      assert.deepEqual(yield* applied("user", "good.id"), { id: { value: "good" } })
      assert.strictEqual(yield* applied("other", "broken.id"), "broken")
      assert.strictEqual(yield* applied("other", "unread.id"), "unread")
      assert.deepEqual(yield* listed("good"), { "good.id": { value: "good" } })
      assert.deepEqual(yield* listed("good.id"), { "good.id": { value: "good" } })
      assert.strictEqual(yield* listed("broken"), "broken")
      assert.strictEqual(yield* listed("unread.id"), "unread")
      const readable = { "good.id": { value: "good" }, "user.id": { value: "good" } }
      const told: Array<string> = []
      const logger = Logger.make(({ message }) => void told.push(String(message)))
      assert.deepEqual(yield* Effect.provide(listed(), Logger.layer([logger])), readable)
      assert.deepEqual(
        told.map((one) => one.split(" cannot")[0]),
        ["The outputs of broken", "The outputs of unread"],
      )
      // An apply replaces the row, and a destroy takes it out.
      yield* agent.apply(forma("broken", "again"))
      assert.deepEqual(yield* applied("other", "broken.id"), { id: { value: "again" } })
      yield* agent.destroy("unread")
      assert.include(yield* listed("unread.id"), "The state has no output unread.id")
      assert.deepEqual(yield* listed("broken.id"), { "broken.id": { value: "again" } })
      assert.deepEqual(
        yield* listed("id"),
        "Several documents have an output id: broken.id, good.id, other.id, user.id. Name the document too",
      )
    }).pipe(Effect.provide(layer)),
  )
})
