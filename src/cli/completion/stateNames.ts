/** The names that a state has, for completion. */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { Statement } from "effect/sql/Statement"
import { HostEnvironment } from "../../agent/launch/PluginLauncher.ts"
import { isPostgresUrl } from "../../agent/store/postgres/PostgresAddress.ts"
import { followLinks } from "../../agent/store/StateFileLink.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import { lookIntoState } from "../stateCopy.ts"
import { agentVariables } from "../staying/namedAgent.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import type { Completable } from "./Completable.ts"

/** The kinds of names that a state has. */
export type InState = Extract<Completable, "documents" | "labels" | "openLabels" | "outputs" | "types">

/** How many names are of use to somebody who types. */
const most = 1000

type Query = (sql: SqlClient, word: string) => Statement<object>

/** What each reads. The names begin with what is typed. */
const queries: Readonly<Record<InState, readonly [tables: ReadonlyArray<string>, query: Query]>> = {
  documents: [
    ["documents", "resources"],
    (sql, word) =>
      sql`SELECT name FROM (SELECT forma AS name FROM documents UNION SELECT forma AS name FROM resources)
          WHERE substr(name, 1, length(${word})) = ${word} ORDER BY name LIMIT ${most}`,
  ],
  labels: [
    ["resources"],
    (sql, word) =>
      sql`SELECT DISTINCT label FROM resources
          WHERE substr(label, 1, length(${word})) = ${word} ORDER BY label LIMIT ${most}`,
  ],
  openLabels: [
    ["operations"],
    (sql, word) =>
      sql`SELECT DISTINCT label FROM operations
          WHERE settled = 0 AND substr(label, 1, length(${word})) = ${word} ORDER BY label LIMIT ${most}`,
  ],
  outputs: [
    ["document_outputs"],
    (sql, word) =>
      sql`SELECT name FROM (
            SELECT forma AS name FROM document_outputs
            UNION SELECT forma || '.' || item.key AS name FROM document_outputs, json_each(outputs) AS item
          ) WHERE substr(name, 1, length(${word})) = ${word} ORDER BY name LIMIT ${most}`,
  ],
  types: [
    ["resources"],
    (sql, word) =>
      sql`SELECT DISTINCT type FROM resources
          WHERE substr(type, 1, length(${word})) = ${word} ORDER BY type LIMIT ${most}`,
  ],
}

/** Somebody waits for each completion: what is larger takes too long to copy. */
const mostBytes = 32n * 1024n * 1024n

/** Fails where the state cannot be read, or where nobody has said yes to it. */
export const namesInState = Effect.fnUntraced(function* (
  flags: Pick<AgentFlags, "config" | "state" | "trust">,
  kind: InState,
  word: string,
) {
  // The state of an agent at an address is not asked for while somebody types, and the one here is another.
  if (((yield* HostEnvironment)[agentVariables.url] ?? "") !== "") return []
  const config = yield* readConfig(flags.config)
  yield* requireTrust({ state: flags.state, trust: flags.trust }, config, ["state"])
  const state = stateFileOf(flags, config)
  // Nobody is asked for a password, and no server is waited for, while somebody types.
  if (isPostgresUrl(state)) return []
  const file = yield* followLinks(state)
  const [tables, query] = queries[kind]
  const rows = yield* lookIntoState(file, tables, (sql) => query(sql, word).values, mostBytes)
  return rows.map(([name]) => String(name))
})
