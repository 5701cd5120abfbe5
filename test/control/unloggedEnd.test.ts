/** An agent that ends while the log takes nothing: the end of a command that it has not logged is told by the next one. */
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import { EventLog } from "../../src/agent/events/EventLog.ts"
import { CommandJournal } from "../../src/agent/records/CommandJournal.ts"
import { type ApiCommand, hasEnded } from "../../src/control/api/ApiCommand.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { layerRecordedAgent } from "./recordedAgent.ts"
import { makeSocketFolder } from "./remoteAgent.ts"

const lost = new SqlError({ reason: new ConnectionError({ cause: "cut", message: "cut", operation: "insert" }) })

const caller = { name: "somebody", isOwner: true }
const apply: ApiCommand = { command: "apply", forma: JSON.parse(JSON.stringify(formaOfNotes({ a: { Text: "a" } }))) }

describe("an agent that ends", () => {
  it.effect("before the log has the end of a command keeps no end either, and the next one tells it once", () =>
    withPassingTime(
      Effect.gen(function* () {
        const { calls, plugin } = makeNotes()
        const file = join(yield* makeSocketFolder, "state.db")
        let takesEvents = true
        const limited = Layer.effect(
          EventLog,
          Effect.map(EventLog, (log) =>
            EventLog.of({
              ...log,
              append: (events) => Effect.suspend(() => (takesEvents ? log.append(events) : Effect.fail(lost))),
            }),
          ),
        ).pipe(Layer.provide(EventLog.layerNoDeps()))
        const agentIn = (scope: Scope.Scope) =>
          Layer.buildWithScope(Layer.fresh(layerRecordedAgent(file, plugin, limited)), scope)

        const first = yield* Scope.make()
        const begun = yield* agentIn(first)
        takesEvents = false
        yield* Context.get(begun, CommandRequests).ask("key-1", apply, caller)
        const isDone = Effect.map(Context.get(begun, CommandJournal).list(1), ({ commands }) =>
          commands.some(({ status }) => status === "succeeded"),
        )
        yield* Effect.repeat(Effect.delay(isDone, "100 millis"), { until: (done) => done })
        yield* Scope.close(first, Exit.void)

        takesEvents = true
        const next = yield* agentIn(yield* Effect.scope)
        const requests = Context.get(next, CommandRequests)
        let record = yield* requests.ask("key-1", apply, caller)
        while (!hasEnded(record)) record = yield* requests.find("key-1", record.revision)
        assert.strictEqual(record.result?.status, "succeeded")
        const { events } = yield* Context.get(next, EventLog).readAfter(0)
        const ended = events.filter(({ event }) => event._tag === "Ended")
        assert.deepEqual(
          ended.map(({ event, request }) => [event._tag === "Ended" && event.ending, request]),
          [["succeeded", "key-1"]],
        )
        assert.deepEqual(calls, ["create a"])
      }),
    ),
  )
})
