/** What commands on a document of so many resources make of a state in a file: rows, bytes, statements, transactions. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { DatabaseSync } from "node:sqlite"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { familiesForma } from "../bench/programs/familiesForma.ts"
import { watchStatements } from "./watchStatements.ts"

export interface MeasuredCommand {
  readonly command: string
  /** How many statements were run on the state, and on the cloud of the plugin, which is a file of the same kind. */
  readonly statements: number
  /** How many rows they have answered with. */
  readonly read: number
  /** How many transactions have written. */
  readonly transactions: number
  /** How many rows one statement has answered with at most. */
  readonly most: number
}

export interface MeasuredTable {
  readonly table: string
  readonly rows: number
  /** With its indexes. */
  readonly bytes: number
}

const transactionsIn = (file: string): number => {
  const database = new DatabaseSync(file, { readOnly: true })
  const [row] = database.prepare("PRAGMA user_version").all()
  database.close()
  return Number(row?.["user_version"])
}

/** The tables that have rows. */
export const tablesIn = (file: string): ReadonlyArray<MeasuredTable> => {
  const database = new DatabaseSync(file, { readOnly: true })
  const sizes = database
    .prepare(
      `SELECT tbl_name AS "table", SUM(pgsize) AS bytes FROM dbstat JOIN sqlite_schema USING (name)
       WHERE tbl_name NOT LIKE 'sqlite%' AND tbl_name NOT LIKE 'formae%' GROUP BY tbl_name ORDER BY bytes DESC, tbl_name`,
    )
    .all()
  const tables = sizes.map((size) => {
    const table = String(size["table"])
    const [row] = database.prepare(`SELECT count(*) AS rows FROM "${table}"`).all()
    return { table, rows: Number(row?.["rows"]), bytes: Number(size["bytes"]) }
  })
  database.close()
  return tables.filter(({ rows }) => rows > 0)
}

/** Leaves the state and the cloud in `folder`. */
export const measureFile = (folder: string, count: number) =>
  Effect.gen(function* () {
    const file = `${folder}/state.db`
    const forma = familiesForma(`${folder}/cloud.db`, count)
    const commands = yield* Effect.gen(function* () {
      const agent = yield* Agent
      const measured: Array<MeasuredCommand> = []
      const all: ReadonlyArray<readonly [string, Effect.Effect<unknown, object>]> = [
        ["apply that creates them", agent.apply(forma)],
        ["plan with nothing to do", agent.plan(forma)],
        ["sync", agent.sync()],
        ["drift", agent.drift()],
        ["inventory", agent.inventory],
      ]
      for (const [command, run] of all) {
        const before = transactionsIn(file)
        const watched = yield* Effect.acquireUseRelease(
          Effect.sync(watchStatements),
          (watch) => Effect.as(run, watch),
          ({ stop }) => Effect.sync(stop),
        )
        measured.push({
          command,
          statements: watched.runs(),
          read: watched.read(),
          transactions: transactionsIn(file) - before,
          most: Math.max(0, ...watched.rows.values()),
        })
      }
      return measured
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(
          Layer.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
          Layer.provide(Store.layerFile(file)),
          Layer.provide(NodeServices.layer),
        ),
      ),
    )
    return { commands, tables: tablesIn(file) }
  })
