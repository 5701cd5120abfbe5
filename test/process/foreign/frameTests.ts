import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { LogRecord } from "../../../src/protocol/LogRecord.ts"
import { converse, withoutDelays } from "./conversation.ts"
import { type Foreign, entryOf } from "./Foreign.ts"
import { greetPlugin } from "./greetPlugin.ts"

/** Frames and junk, many calls at a time, and the end of the process. */
export const frameTests = (plugin: Foreign) => {
  describe("frames", () => {
    it.live("ignores lines that are not frames, in whatever pieces they come, and logs them without showing them", () =>
      Effect.gen(function* () {
        const { call, logged, now, ping, request, write, answer } = yield* greetPlugin(plugin)
        const read = JSON.stringify(request("Read", now({ nativeId: "mïssing" }), "réad"))
        yield* write(`\n\nhidden\n42\n[]\n{"_tag":"Hidden"}\n{"_tag":"Request"}\n{"_tag":"Ack"}\n\r\n`)
        yield* write(`{"unclosed": "hidden`)
        yield* write(`\n`)
        for (const byte of Buffer.from(`${read}\r\n`)) yield* write(Uint8Array.of(byte))
        assert.deepInclude((yield* answer("réad")).value, { status: "Failed" })
        yield* call("Configure", { ...withoutDelays, logLevel: "Error" })
        yield* write("not logged any more\n")
        yield* ping
        const records = yield* Effect.forEach(
          logged.filter((line) => line !== ""),
          (line) => Schema.decodeEffect(Schema.fromJsonString(LogRecord))(line),
        )
        assert.deepEqual(
          records.map(({ level }) => level),
          records.map(() => "Warn" as const),
        )
        assert.lengthOf(records, 7)
        assert.notInclude(JSON.stringify(records), "idden")
      }),
    )

    it.live("answers 64 calls at a time, and pings while they are in flight", () =>
      Effect.gen(function* () {
        const { answer, call, folder, never, now, ping, request, send, toItsEnd } = yield* greetPlugin(plugin)
        const creates = Array.from({ length: 64 }, (_, i) =>
          request("Create", now({ properties: plugin.now.properties(`n${i}`) }), `create ${i}`),
        )
        yield* send(...creates)
        const made = yield* Effect.forEach(creates, ({ id }) => answer(id))
        for (const exit of made) assert.deepInclude(exit.value, { status: "Succeeded", attempts: 1 })

        const running = yield* Effect.forEach(
          Array.from({ length: 64 }, () => never({})),
          (create) => Effect.as(call("Create", create), create.operationId),
          { concurrency: "unbounded" },
        )
        yield* send(...running.map((operationId) => request("Watch", { operationId }, `watch ${operationId}`)))
        yield* ping
        yield* ping
        plugin.finish(folder)
        for (const operationId of running) {
          assert.deepInclude(yield* toItsEnd(`watch ${operationId}`), { status: "Succeeded" })
        }
      }),
    )

    it.live("exits with 0 when stdin ends, also with calls in flight", () =>
      Effect.gen(function* () {
        const idle = yield* greetPlugin(plugin)
        yield* idle.endInput
        assert.deepEqual(yield* idle.ended, { code: 0, signal: null })

        const busy = yield* greetPlugin(plugin)
        const create = busy.never({})
        yield* busy.call("Create", create)
        yield* busy.send(busy.request("Watch", { operationId: create.operationId }))
        yield* busy.endInput
        assert.deepEqual(yield* busy.ended, { code: 0, signal: null })

        // A request that came before the end of stdin is answered.
        const asked = yield* greetPlugin(plugin)
        yield* asked.send(asked.request("List", asked.now({}), "last"))
        yield* asked.endInput
        assert.strictEqual((yield* asked.answer("last"))._tag, "Success")
        assert.deepEqual(yield* asked.ended, { code: 0, signal: null })
      }),
    )

    it.live("exits on SIGTERM, and does not start without an agent", () =>
      Effect.gen(function* () {
        const stopped = yield* greetPlugin(plugin)
        // To the process group, as the agent does.
        yield* Effect.sync(() => process.kill(-stopped.pid, "SIGTERM"))
        yield* stopped.ended
        const alone = yield* converse(entryOf(plugin), { FORMAE_NETWORK_COOKIE: undefined })
        assert.strictEqual((yield* alone.ended).code, 64)
        assert.include(alone.logged.join("\n"), "started by the formae agent")
      }),
    )
  })
}
