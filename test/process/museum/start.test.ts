import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { create, hurried, read, visit } from "./visit.ts"

/** For exhibits that do not answer at all. */
const short = { ...hurried, handshakeMillis: 500 }

describe.concurrent("a plugin that starts wrongly", () => {
  for (const { exhibit, name, output, reason, settings = hurried } of [
    {
      exhibit: "exits-before-the-handshake",
      name: "that exits before its handshake fails to start, with its exit code and its last output",
      reason: "exited with code 3",
      output: "no license was found",
    },
    {
      exhibit: "throws-while-it-loads",
      name: "that cannot be loaded fails to start, with the message of Node",
      reason: "exited with code 1",
      output: "a-package-that-nobody-installed",
    },
    {
      exhibit: "never-answers-the-handshake",
      name: "P5: that never answers its handshake is given up at the deadline",
      reason: "did not answer the handshake within 500ms",
      output: "waiting for a license server",
      settings: short,
    },
    {
      exhibit: "stalls-in-the-handshake",
      name: "P5: that blocks its loop in its handshake is given up at the deadline",
      reason: "did not answer the handshake within 500ms",
      settings: short,
    },
    {
      exhibit: "speaks-another-protocol",
      name: "P7: that speaks a later protocol is refused",
      reason: "it chose protocol 99, but this agent speaks",
    },
    {
      exhibit: "returns-another-cookie",
      name: "that returns the cookie of another launch is refused",
      reason: "it must return FORMAE_NETWORK_COOKIE",
    },
    {
      exhibit: "claims-another-namespace",
      name: "that claims another namespace than its manifest is refused",
      reason: "it says that it serves the namespace AWS, but its manifest says ClaimsAnotherNamespace",
    },
    {
      exhibit: "refuses-the-handshake",
      name: "P7: that refuses its agent is quoted with what to do",
      reason: "upgrade formae to 9.0",
    },
    {
      exhibit: "answers-the-handshake-in-another-shape",
      name: "that answers its handshake in the wrong shape is refused",
      reason: "upgrade the plugin",
    },
  ]) {
    it.live(name, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit, settings)
        const error = yield* Effect.flip(museum.read("any"))
        assert.strictEqual(error._tag, "PluginStartFailed")
        assert.include(error.message, reason)
        if (output !== undefined) assert.include(error.message, output)
        assert.include((yield* museum.next("StartFailed")).reason, reason)
        yield* museum.neighbourIsUnharmed
      }),
    )
  }
})

describe.concurrent("a plugin that is written without the SDK", () => {
  it.live("creates, reads, and lists resources", () =>
    Effect.gen(function* () {
      const { coordinator, perform } = yield* visit("by-hand")
      const made = {
        status: "Succeeded",
        attempts: 1,
        nativeId: NativeId.make("one"),
        properties: { Label: "one" },
      } as const
      assert.deepEqual(yield* perform(create("by-hand", "one")), made)
      assert.deepEqual(yield* perform(read("by-hand", "one")), made)
      const missing = yield* perform(read("by-hand", "two"))
      assert.strictEqual(missing.status === "Failed" && missing.failure.code, "NotFound")
      const { label: _label, nativeId: _nativeId, _tag, ...request } = read("by-hand", "any")
      const operator = yield* coordinator.operator({
        namespace: "ByHand",
        resourceUri: "museum/it",
        operation: "List",
        operationId: request.operationId,
      })
      assert.deepEqual(yield* operator.list(request), {
        nativeIds: ["made at the start", "one"].map((id) => NativeId.make(id)),
      })
    }),
  )
})
