/** What must hold once all clients have what they asked for, and no runner is left. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { SqlClient } from "effect/sql/SqlClient"
import { copyTables } from "../../../src/agent/store/copyTables.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { checkInvariants, rowsOf } from "../../survival/invariants.ts"
import type { Hosts } from "./Hosts.ts"

/** The state as a file, which the checks of survival read. */
const copyOf = ({ database, folder }: Hosts) =>
  Effect.gen(function* () {
    const file = folder.at("copy.db")
    const from = yield* Effect.map(Layer.build(database), (context) => SqlClient.pipe(Effect.provideContext(context)))
    const to = yield* Effect.map(
      Layer.build(Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer))),
      (context) => SqlClient.pipe(Effect.provideContext(context)),
    )
    yield* copyTables(yield* from, yield* to, () => Effect.void)
    return file
  }).pipe(Effect.scoped)

/** The number of the last call that a cloud has had. */
export const lastCall = (cloud: string): number =>
  rowsOf<{ readonly seq: number | null }>(cloud, "SELECT MAX(seq) AS seq FROM calls")[0]?.seq ?? 0

/** Of operations that have begun after a call: each was sent once, and nobody had to ask what became of it. */
export const checkSentOnce = (cloud: string, after: number): void => {
  assert.deepEqual(
    rowsOf(
      cloud,
      `SELECT operation, type, token, count(*) AS calls FROM calls
        WHERE operation IN ('create', 'update', 'delete', 'recover')
          AND token NOT IN (SELECT token FROM calls WHERE seq <= ${after})
        GROUP BY operation, type, token HAVING calls > 1 OR operation = 'recover'`,
    ),
    [],
    "what a runner that stops has begun comes to a safe point, and is not done again",
  )
}

const checkEvents = (state: string) => {
  assert.deepEqual(
    rowsOf(state, "SELECT number FROM events WHERE number > 1 AND number - 1 NOT IN (SELECT number FROM events)"),
    [],
    "no number of an event is left out",
  )
  assert.deepEqual(
    rowsOf(
      state,
      `SELECT command_id, status, (
          SELECT count(*) FROM events AS e WHERE e.command_id = c.command_id
            AND event ->> '$._tag' = 'Ended' AND event ->> '$.ending' <> 'left') AS ends
        FROM commands AS c WHERE ends <> 1`,
    ).map((row) => JSON.stringify(row)),
    [],
    "each command has one end",
  )
}

/** Gives how many commands there were. */
export const checkCluster = Effect.fnUntraced(function* (hosts: Hosts, cloud: string) {
  const { unfinished } = yield* hosts.report
  assert.strictEqual(unfinished, 0, "nothing that was asked for is left")
  const state = yield* copyOf(hosts)
  checkInvariants(cloud, state)
  checkEvents(state)
  return rowsOf(state, "SELECT 1 FROM commands").length
})
