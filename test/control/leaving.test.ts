/** A person's cancel and the end of the agent, told apart: by what is recorded before an answer, and by what is begun after. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ChangeEvents } from "../../src/agent/apply/ChangeEvents.ts"
import { StopRequests } from "../../src/agent/operations/StopRequests.ts"
import { CommandJournal } from "../../src/agent/records/CommandJournal.ts"
import { hasEnded } from "../../src/control/api/ApiCommand.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { layerLocal, layerServices } from "./remoteAgent.ts"

const caller = { name: "somebody", isOwner: true }
const apply = (name: string) =>
  ({ command: "apply", forma: { ...formaOfNotes({ [`of-${name}`]: { Text: "a" } }), name } }) as const

const journaled = Effect.gen(function* () {
  const { commands } = yield* (yield* CommandJournal).unfinished
  return commands.map(({ forma, status }) => `${forma} ${status}`)
})

describe("an agent that ends", () => {
  it.effect("ends what was canceled, leaves the rest to the next agent, and begins nothing", () => {
    const answered = Deferred.makeUnsafe<void>()
    const { calls, plugin } = makeNotes({ beforeCreate: () => Deferred.await(answered), accepts: () => true })
    return Effect.gen(function* () {
      const requests = yield* CommandRequests
      const stops = yield* StopRequests
      const started = yield* Deferred.make<void>()
      let count = 0
      yield* (yield* ChangeEvents).addObserver(undefined, ({ _tag }) => {
        if (_tag === "Started") count += 1
        return count === 2 ? Effect.asVoid(Deferred.succeed(started, undefined)) : Effect.void
      })
      yield* requests.ask("key-of-one", apply("one"), caller)
      yield* requests.ask("key-of-two", apply("two"), caller)
      yield* withPassingTime(Deferred.await(started))
      assert.isTrue(yield* requests.cancel("key-of-one", "stop"))
      assert.deepEqual((yield* journaled).toSorted(), ["one canceled", "two running"])

      yield* stops.leave
      const refused = yield* Effect.flip(requests.ask("key-of-three", apply("three"), caller))
      assert.deepInclude(refused, { _tag: "Unavailable", code: "AgentLeaving" })
      assert.strictEqual((yield* requests.ask("key-of-two", apply("two"), caller)).status, "running")
      yield* Deferred.succeed(answered, undefined)
      const find = Effect.suspend(() => requests.find("key-of-one"))
      const ended = yield* withPassingTime(
        Effect.repeat(Effect.andThen(Effect.yieldNow, find), { until: (record) => hasEnded(record) }),
      )
      assert.strictEqual(ended.result?.status, "canceled")
      assert.deepEqual((yield* journaled).toSorted(), ["one canceled", "two running"])
      assert.strictEqual((yield* requests.find("key-of-two")).status, "running")
      assert.deepEqual(calls.toSorted(), ["create of-one", "create of-two"])
    }).pipe(Effect.provide(layerServices.pipe(Layer.provideMerge(layerLocal([plugin])))))
  })
})
