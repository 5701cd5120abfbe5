import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Exit, withoutDelays } from "./conversation.ts"
import type { Foreign } from "./Foreign.ts"
import { errorOf, greetPlugin, interrupted } from "./greetPlugin.ts"

/** Operations that take longer than their first answer, frame by frame. */
export const watchTests = (plugin: Foreign) => {
  describe("an operation that is watched", () => {
    it.live("sends the next chunk once the last one was taken", () =>
      Effect.gen(function* () {
        const { ack, answer, call, folder, hasMoreOf, nextOf, now, ping, request, send } = yield* greetPlugin(plugin)
        const pass = plugin.obstruct(folder)
        const create = now({ properties: plugin.now.properties("flaky") })
        assert.deepInclude((yield* call("Create", create)).value, { status: "InProgress", attempts: 1 })
        yield* send(request("Watch", { operationId: create.operationId }, "watch"))
        assert.deepInclude(yield* nextOf("watch"), { status: "InProgress", attempts: 2 })
        yield* Effect.repeat(ping, { times: 20 })
        assert.isFalse(yield* hasMoreOf("watch"))
        yield* ack("watch")
        assert.deepInclude(yield* nextOf("watch"), { status: "InProgress", attempts: 3 })
        pass()
        yield* ack("watch")
        assert.deepInclude(yield* nextOf("watch"), { status: "Succeeded", attempts: 4 })
        yield* ack("watch")
        assert.deepEqual(yield* answer("watch"), { _tag: "Success", value: null })
        // It was reported to its end.
        assert.deepInclude(errorOf(yield* call("Watch", { operationId: create.operationId })), {
          _tag: "ProtocolError",
        })
      }),
    )

    it.live("gives up retrying when the settings say so that it began with", () =>
      Effect.gen(function* () {
        const { ack, answer, call, folder, nextOf, now, request, send } = yield* greetPlugin(plugin)
        yield* call("Configure", { ...withoutDelays, retry: { maxRetries: 1, baseMillis: 1, capMillis: 1 } })
        const pass = plugin.obstruct(folder)
        const create = now({ properties: plugin.now.properties("hopeless") })
        assert.deepInclude((yield* call("Create", create)).value, { status: "InProgress", attempts: 1 })
        yield* call("Configure", withoutDelays)
        yield* send(request("Watch", { operationId: create.operationId }, "watch"))
        assert.deepInclude(yield* nextOf("watch"), { status: "Failed", attempts: 2 })
        yield* ack("watch")
        assert.deepEqual(yield* answer("watch"), { _tag: "Success", value: null })
        pass()
      }),
    )

    it.live("stops only the call that is interrupted", () =>
      Effect.gen(function* () {
        const { answer, call, folder, isAnswered, never, ping, request, send, toItsEnd } = yield* greetPlugin(plugin)
        const [first, second] = [never({}), never({})]
        yield* Effect.forEach([first, second], (create) => call("Create", create))
        yield* send(
          request("Watch", { operationId: first.operationId }, "first"),
          request("Watch", { operationId: second.operationId }, "second"),
          { _tag: "Interrupt", requestId: "first" },
          { _tag: "Interrupt", requestId: "unknown" },
        )
        assert.deepEqual(yield* answer("first"), interrupted)
        yield* ping
        assert.isFalse(isAnswered("second"))
        plugin.finish(folder)
        assert.deepInclude(yield* toItsEnd("second"), { status: "Succeeded" })
        // An Interrupt in one write with its request may arrive before the call has begun.
        yield* send(request("Create", never({}), "at once"), { _tag: "Interrupt", requestId: "at once" })
        yield* answer("at once")
      }),
    )
  })
}

/** Operations that end with their first answer, frame by frame. */
export const operationTests = (plugin: Foreign) => {
  describe("an operation", () => {
    it.live("creates one resource if a create is sent twice", () =>
      Effect.gen(function* () {
        const { answer, call, later, never, now, request, send } = yield* greetPlugin(plugin)
        const create = now({ properties: plugin.now.properties("once") })
        yield* send(request("Create", create, "a"), request("Create", create, "b"))
        const [a, b] = [yield* answer("a"), yield* answer("b")]
        assert.deepInclude(a.value, { status: "Succeeded" })
        // The second one is refused, unless the first one has ended by then.
        if (b._tag === "Success") assert.deepEqual(a, b)
        else assert.deepInclude(errorOf(b), { _tag: "ProtocolError" })
        const another = yield* call("Create", now({ properties: plugin.now.properties("once") }))
        assert.deepInclude(another.value, { status: "Failed", attempts: 1 })
        assert.include(JSON.stringify(another.value), "AlreadyExists")

        const work = never({})
        yield* send(request("Create", work, "c"), request("Create", work, "d"))
        assert.deepInclude((yield* answer("c")).value, { status: "InProgress" })
        const d = yield* answer("d")
        if (d._tag === "Success") assert.deepEqual(d, yield* answer("c"))
        else assert.deepInclude(errorOf(d), { _tag: "ProtocolError" })
        const { value } = yield* call("List", later({}))
        assert.lengthOf(Object(value).nativeIds, 1)
      }),
    )

    it.live("answers a refusal of the provider with its code", () =>
      Effect.gen(function* () {
        const { call, now } = yield* greetPlugin(plugin)
        const codeOf = (exit: Exit) => Object(exit.value).failure?.code
        yield* call("Create", now({ properties: plugin.now.properties("a") }))
        assert.strictEqual(codeOf(yield* call("Create", now({ properties: plugin.now.refused }))), "InvalidRequest")
        assert.strictEqual(codeOf(yield* call("Read", now({ nativeId: "missing" }))), "NotFound")
        const renamed = { nativeId: "a", prior: {}, desired: plugin.now.properties("b"), patch: [] }
        assert.strictEqual(codeOf(yield* call("Update", now(renamed))), "NotUpdatable")
        const gone = yield* call("Delete", now({ nativeId: "missing" }))
        assert.deepEqual(gone.value, { status: "Succeeded", attempts: 1, nativeId: "missing", properties: {} })
      }),
    )
  })
}
