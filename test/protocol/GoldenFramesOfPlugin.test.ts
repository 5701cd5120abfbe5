/**
 * P7: the agent of this version sends the frames of a version 1 agent, and
 * reads what a version 1 plugin answers, also with fields that a newer one added.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as RpcClient from "effect/rpc/RpcClient"
import * as Stdio from "effect/Stdio"
import { PluginRpcs } from "../../src/protocol/PluginRpcs.ts"
import { makeClientConnection } from "../../src/transport/ClientProtocol.ts"
import { makeStdioPair } from "../../src/transport/StdioPair.ts"
import { type Line, makeEnd, readConversation, withUnknownFields } from "./goldenConversations.ts"
import { goldenExchanges } from "./goldenExchanges.ts"

/** What a call died of. */
const diedOf = (defect: unknown) => ({
  _tag: "Die",
  message: Predicate.hasProperty(defect, "message") ? String(defect.message).split("\n")[0] : String(defect),
})

/** What the log has of the frames that cannot be read. */
const unreadable: Readonly<Record<string, ReadonlyArray<string>>> = {
  answers: ["the Exit for request N cannot be read: exit.cause: is empty"],
}

/** Plays the plugin of the conversation: expects each frame of the agent, and sends the recorded answers. */
const replay = Effect.fnUntraced(function* (name: string, change: (frame: Line["frame"]) => Line["frame"]) {
  const pair = yield* makeStdioPair
  const junk: Array<string> = []
  const connection = yield* makeClientConnection({ onJunk: (line) => Effect.sync(() => void junk.push(line)) }).pipe(
    Effect.provideService(Stdio.Stdio, pair.agent),
  )
  const client = yield* RpcClient.make(PluginRpcs, { disableTracing: true }).pipe(
    Effect.provideService(RpcClient.Protocol, connection.protocol),
  )
  const plugin = yield* makeEnd(pair.plugin)
  const hanging = yield* Deferred.make<void>()
  const lines = readConversation(name)

  // The agent's ids count up for the whole process; those of the golden frames begin with 0.
  const ids = new Map<unknown, number>()
  const play = Effect.gen(function* () {
    for (const [index, { frame, from }] of lines.entries()) {
      const named = (id: number) => (frame["_tag"] === "Request" ? { id } : { requestId: id })
      if (from === "plugin") {
        yield* plugin.send(change({ ...frame, ...named(ids.get(frame["requestId"]) ?? -1) }))
      } else {
        const sent = yield* plugin.next
        if (frame["_tag"] === "Request") ids.set(frame["id"], Number(sent["id"]))
        assert.deepEqual(sent, { ...frame, ...named(ids.get(frame["id"] ?? frame["requestId"]) ?? -1) })
      }
      // It gets no answer: next, its caller interrupts it.
      if (lines[index + 1]?.frame["_tag"] === "Interrupt") yield* Deferred.succeed(hanging, undefined)
    }
  })
  const ask = Effect.forEach(goldenExchanges[name] ?? [], ({ call, expected }) =>
    call(client, Deferred.await(hanging)).pipe(
      Effect.match({ onSuccess: (value) => value, onFailure: ({ _tag, message }) => ({ _tag, message }) }),
      Effect.catchDefect((defect) => Effect.succeed(diedOf(defect))),
      Effect.map((answer) => assert.deepEqual<unknown>(answer, expected)),
    ),
  )
  yield* Effect.all([play, ask], { concurrency: 2, discard: true })
  assert.deepEqual(
    junk.map((line) => line.replace(/\d+/, "N")),
    [...(unreadable[name] ?? [])],
  )
})

describe("an agent reads the golden frames", () => {
  for (const name of Object.keys(goldenExchanges)) {
    it.effect(`of ${name}`, () => Effect.scoped(replay(name, (frame) => frame)))

    it.effect(`of ${name}, with fields that a newer plugin added`, () => Effect.scoped(replay(name, withUnknownFields)))
  }
})
