/** Where the commands of a cluster run whose runners host different namespaces. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { FormaPlaces } from "../../src/cluster/FormaPlaces.ts"
import type { ApiCommand } from "../../src/control/api/ApiCommand.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { makeNotes } from "../agent/notes.ts"
import { makeTestCluster } from "./testRunners.ts"

describe("a command that names no document", () => {
  it.effect("runs where the one is hosted that it means, whatever others there are", () =>
    withPassingTime(
      Effect.scoped(
        Effect.gen(function* () {
          const { plugin } = makeNotes()
          const cluster = yield* makeTestCluster
          const sql = Context.get(cluster.shared, SqlClient)
          const { context } = yield* cluster.join("one", [plugin], ["Notes"])
          yield* cluster.join("two", [plugin], ["Maps"])
          const placeOf = (command: ApiCommand) => Context.get(context, FormaPlaces).entityOf(command)
          const rows = [
            { forma: "notes", label: "a", type: "Notes::Of::Note" },
            { forma: "maps", label: "b", type: "Maps::Of::Map" },
          ]
          const unused = { target: "here", target_config: "{}", desired: "{}", depends_on: "[]", updated_at: 0 }
          for (const row of rows) {
            yield* sql`INSERT INTO resources ${sql.insert({ ...row, ...unused, native_id: row.label, actual: "{}" })}`
          }
          const begin = Effect.fnUntraced(function* (forma: string, label: string, type: string) {
            const command = { command_id: forma, command: "apply", forma, status: "running", started_at: 0 }
            yield* sql`INSERT INTO commands ${sql.insert(command)}`
            const ends = { kind: "create", sent: 1, status: "failed", settled: 0, crashes: "[]", started_at: 0 }
            const operation = { operation_id: forma, command_id: forma, forma, label, type, ...ends, ...unused }
            yield* sql`INSERT INTO operations ${sql.insert(operation)}`
          })

          assert.strictEqual(yield* placeOf({ command: "resume" }), "default:")
          yield* begin("maps", "c", "Maps::Of::Map")
          assert.strictEqual(yield* placeOf({ command: "resume" }), "Maps:maps")
          assert.strictEqual(yield* placeOf({ command: "mv", label: "a", to: "d" }), "Notes:notes")
          assert.strictEqual(yield* placeOf({ command: "forget", label: "c" }), "Maps:maps")
          yield* begin("notes", "c", "Notes::Of::Note")
          assert.strictEqual(yield* placeOf({ command: "resume", commandId: "notes" }), "Notes:notes")
          const { message } = yield* Effect.flip(placeOf({ command: "resume" }))
          assert.include(message, "may host all that the documents need (Maps, Notes): one:1 hosts Notes; two:1 hosts")
          assert.include(message, "Start a runner that hosts them, or name one of them (maps, notes)")
        }),
      ),
    ),
  )
})
