import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Foreign } from "./Foreign.ts"
import { errorOf, greetPlugin } from "./greetPlugin.ts"

/** Requests that are hard to read, sent again or too late. */
export const requestTests = (plugin: Foreign) => {
  describe("a request", () => {
    it.live("is answered under its own id, whatever else it holds", () =>
      Effect.gen(function* () {
        const { answer, call, now, send } = yield* greetPlugin(plugin)
        const read = now({ nativeId: "missing" })
        const unreadable: ReadonlyArray<object> = [
          { tag: "Read" },
          { tag: "Read", payload: null, headers: [] },
          { tag: "Read", payload: [], headers: [] },
          { tag: "Read", payload: "text", headers: [] },
          { tag: "Configure", payload: { retry: 1 }, headers: [] },
          { tag: 7, payload: read, headers: [] },
          { payload: read, headers: [] },
          { tag: "List", payload: { ...now({}), pageSize: 0 }, headers: [] },
          { tag: "List", payload: { ...now({}), pageSize: 1001 }, headers: [] },
          { tag: "List", payload: { ...now({}), pageSize: "2" }, headers: [] },
        ]
        for (const [index, fields] of unreadable.entries()) {
          yield* send({ _tag: "Request", id: index + 1_000, ...fields })
          const { cause } = yield* answer(index + 1_000)
          assert.deepInclude(cause?.[0], { _tag: "Die" }, JSON.stringify(fields))
        }
        // The number and the text are two calls.
        for (const id of [7, "7", "", 9_007_199_254_740_991]) {
          assert.deepInclude((yield* call("Read", read, id)).value, { status: "Failed" })
        }
      }),
    )

    it.live("that comes too late to stop anything has no answer", () =>
      Effect.gen(function* () {
        const { call, exitsOf, now, ping, send } = yield* greetPlugin(plugin)
        yield* call("Read", now({ nativeId: "missing" }), "read")
        yield* send(
          ...["read", "never asked", 7].flatMap((requestId) => [
            { _tag: "Interrupt", requestId },
            { _tag: "Ack", requestId },
          ]),
        )
        yield* ping
        yield* ping
        assert.deepEqual([exitsOf("read"), exitsOf("never asked"), exitsOf(7)], [1, 0, 0])
      }),
    )
  })

  describe("an operation that is sent again", () => {
    it.live("is done once, and watched once", () =>
      Effect.gen(function* () {
        const { call, folder, later, never, ping, request, send, toItsEnd } = yield* greetPlugin(plugin)
        const create = never({})
        const first = yield* call("Create", create)
        assert.deepInclude(first.value, { status: "InProgress", attempts: 1 })
        assert.deepEqual(yield* call("Create", create), first)
        yield* send(request("Watch", { operationId: create.operationId }, "watch"))
        yield* ping
        assert.deepInclude(errorOf(yield* call("Create", create)), { _tag: "ProtocolError" })
        assert.deepInclude(errorOf(yield* call("Watch", { operationId: create.operationId })), {
          _tag: "ProtocolError",
        })
        plugin.finish(folder)
        assert.deepInclude(yield* toItsEnd("watch"), { status: "Succeeded", attempts: 1 })
        assert.lengthOf(Object((yield* call("List", later({}))).value).nativeIds, 1)
        assert.deepInclude((yield* call("Create", create)).value, { status: "Succeeded", attempts: 1 })
      }),
    )
  })
}
