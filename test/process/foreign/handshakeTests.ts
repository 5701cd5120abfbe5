import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HandshakeResponse } from "../../../src/protocol/Handshake.ts"
import { converse, type Exit, greeting } from "./conversation.ts"
import { type Foreign, entryOf } from "./Foreign.ts"
import { errorOf, greetPlugin } from "./greetPlugin.ts"

/** Handshakes, and calls that the plugin does not know. */
export const handshakeTests = (plugin: Foreign) => {
  describe("the handshake and unknown calls", () => {
    it.live("answers the handshake with what it is", () =>
      Effect.gen(function* () {
        const talk = yield* converse(entryOf(plugin))
        const greeted = yield* talk.greet
        const { cookie, namespace, node, protocol, types } = yield* Schema.decodeUnknownEffect(HandshakeResponse)(
          greeted.value,
        )
        assert.deepEqual(
          [cookie, namespace, node, protocol],
          [greeting.cookie, plugin.namespace, "it-plugin@localhost", 1],
        )
        assert.sameMembers(
          types.map(({ type }) => String(type)),
          [plugin.now.type, plugin.later.type],
        )
      }),
    )

    it.live("refuses a handshake that is not for this launch, and a second one", () =>
      Effect.gen(function* () {
        const talk = yield* converse(entryOf(plugin))
        const read = {
          operationId: "early",
          resourceType: plugin.now.type,
          label: "it",
          targetConfig: plugin.targetIn("nowhere"),
          nativeId: "x",
        }
        assert.deepInclude(errorOf(yield* talk.call("Read", read)), { _tag: "ProtocolError" })
        for (const [handshake, words] of [
          [{ ...greeting, cookie: "another" }, "cookie"],
          [{ ...greeting, config: { secret: "hidden" } }, "secret"],
          [{ ...greeting, protocol: { min: 7, max: 9 } }, `upgrade the plugin`],
          [{ ...greeting, protocol: { min: 0, max: 0 } }, "upgrade the agent"],
          [{ ...greeting, settings: undefined }, "settings"],
          [null, ""],
        ] as const) {
          const error = errorOf(yield* talk.call("Handshake", handshake))
          assert.deepInclude(error, { _tag: "HandshakeRefused" })
          assert.include(JSON.stringify(error), words)
          assert.notInclude(JSON.stringify(error), "hidden")
        }
        assert.strictEqual((yield* talk.greet)._tag, "Success")
        assert.deepInclude(errorOf(yield* talk.greet), { _tag: "HandshakeRefused" })
      }),
    )

    it.live("answers a call that it does not know with an error of that call", () =>
      Effect.gen(function* () {
        const { call, later, never, now, send, request, answer } = yield* greetPlugin(plugin)
        yield* send(request("Create", later({}), "in flight"))
        const unknown: Exit = { _tag: "Failure", cause: [{ _tag: "Die", defect: "Unknown request tag: Nonsense" }] }
        assert.deepEqual(yield* call("Nonsense", {}), unknown)
        assert.deepEqual(yield* call("__proto__", null), {
          ...unknown,
          cause: [{ _tag: "Die", defect: "Unknown request tag: __proto__" }],
        })
        assert.deepInclude((yield* call("Read", { nativeId: 5 })).cause?.[0], { _tag: "Die" })
        assert.deepInclude(
          errorOf(yield* call("Read", { ...now({ nativeId: "x" }), resourceType: "No::Such::Type" })),
          {
            _tag: "OperationNotSupported",
            operation: "Read",
          },
        )
        assert.deepInclude(errorOf(yield* call("Watch", { operationId: "unknown" })), { _tag: "ProtocolError" })
        assert.deepInclude(errorOf(yield* call("List", { ...never({}), pageToken: "no such page" })), {
          _tag: "ListFailed",
        })
        assert.strictEqual((yield* answer("in flight"))._tag, "Success")
      }),
    )
  })
}
