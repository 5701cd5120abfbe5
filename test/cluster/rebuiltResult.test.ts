/** What clients are told of a command whose end is in the journal, and whose last events are not in the log. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { SqlClient } from "effect/sql/SqlClient"
import type { ApiCommand, ApiRecord } from "../../src/control/api/ApiCommand.ts"
import { eventFromApi } from "../../src/control/mapping/models.ts"
import type { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { EventFeed } from "../../src/control/server/EventFeed.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { caller, ended, makeTestCluster, requestsOf } from "./testRunners.ts"

const applyOf = (...labels: ReadonlyArray<string>): ApiCommand => {
  const notes = Object.fromEntries(labels.map((label) => [label, { Text: label }]))
  return { command: "apply", forma: JSON.parse(JSON.stringify(formaOfNotes(notes))) }
}

interface Runner {
  readonly context: Context.Context<CommandRequests | EventFeed>
}

const run = (runner: Runner, key: string, command: ApiCommand) =>
  Effect.andThen(requestsOf(runner).ask(key, command, caller), ended(requestsOf(runner), key))

/** How its changes ended, as clients are told, and that it ended. */
const told = Effect.fnUntraced(function* ({ context }: Runner, request: string) {
  const { events } = yield* Context.get(context, EventFeed).readAfter(0, { request })
  return events.flatMap((event) => {
    const change = Option.getOrUndefined(eventFromApi(event))
    if (change?._tag !== "Finished") return event.kind === "Ended" ? ["Ended"] : []
    const { label, operation, status } = change.result
    return [`${label} ${operation} ${status}`]
  })
})

const labelsOf = ({ result }: ApiRecord) => result?.resources.map(({ label }) => label).toSorted()

describe("a command that the next runner finds ended", () => {
  it.effect("is told of as it would have been: each change once, and then its end", () =>
    withPassingTime(
      Effect.scoped(
        Effect.gen(function* () {
          const { calls, plugin } = makeNotes()
          const cluster = yield* makeTestCluster
          const both = [yield* cluster.join("one", [plugin]), yield* cluster.join("two", [plugin])] as const
          yield* run(both[0], "key-1", applyOf("a"))
          const isFirst = (yield* cluster.holderOf("notes")).host === "one"
          const [owner, other] = isFirst ? both : ([both[1], both[0]] as const)
          const first = yield* run(owner, "key-2", applyOf("a", "b"))
          assert.sameMembers(yield* told(owner, "key-2"), ["a noop succeeded", "b create succeeded", "Ended"])

          // As if it had been killed before it wrote any of them, and what became of the command.
          yield* owner.kill
          const sql = Context.get(cluster.shared, SqlClient)
          yield* sql`DELETE FROM events WHERE request = 'key-2'`
          yield* sql`UPDATE requests SET record = NULL, ended_at = NULL WHERE request = 'key-2'`
          const rebuilt = yield* run(other, "key-2", applyOf("a", "b"))

          assert.deepEqual(labelsOf(rebuilt), labelsOf(first))
          const events = yield* told(other, "key-2")
          assert.sameMembers(events, ["a noop succeeded", "b create succeeded", "Ended"])
          assert.strictEqual(events.at(-1), "Ended")
          assert.deepEqual(calls, ["create a", "create b"])
        }),
      ),
    ),
  )
})
