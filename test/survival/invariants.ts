/** What must hold when all commands have ended, checked with the tables of the cloud and of the state. */
import { assert } from "@effect/vitest"
import { existsSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import type { Properties } from "../../src/protocol/Resource.ts"

export const rowsOf = <Row>(file: string, sql: string): ReadonlyArray<Row> => {
  // A cloud does not exist before its first resource.
  if (!existsSync(file)) return []
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare(sql).all() as ReadonlyArray<unknown> as ReadonlyArray<Row>
  } finally {
    database.close()
  }
}

export interface CloudResource {
  readonly type: string
  readonly native_id: string
  readonly properties: string
  readonly token: string
}

export const cloudResources = (cloud: string) =>
  rowsOf<CloudResource>(cloud, "SELECT type, native_id, properties, token FROM resources ORDER BY type, native_id")

export const inventoryRows = (state: string) =>
  rowsOf<{
    readonly type: string
    readonly native_id: string
    readonly forma: string
    readonly label: string
    readonly actual: string
  }>(state, "SELECT type, native_id, forma, label, actual FROM resources ORDER BY type, native_id")

/** All targets are one place. */
export const checkOwners = (state: string): void => {
  assert.deepEqual(
    rowsOf(
      state,
      `SELECT type, native_id, group_concat(forma || '/' || label) AS owners FROM resources
        GROUP BY type, native_id HAVING count(*) > 1 OR count(place) < 1`,
    ),
    [],
    "P13: one thing has one owner, and its place is known",
  )
}

/**
 * Everything that the state and the cloud have of one forma, and what it is. The
 * calls are those that have changed the cloud.
 */
export const snapshotOf = (cloud: string, state: string, forma: string) => {
  const inState = (sql: string) => rowsOf<{ readonly [column: string]: unknown }>(state, sql)
  const operations = inState(
    `SELECT operation_id, command_id, sent, status, settled FROM operations WHERE forma = '${forma}' ORDER BY operation_id`,
  )
  const tokens = operations.map(({ operation_id }) => `'${String(operation_id)}'`).join(", ")
  return {
    operations,
    inventory: inState(`SELECT label, native_id FROM resources WHERE forma = '${forma}' ORDER BY label`),
    commands: inState(`SELECT command_id, status FROM commands WHERE forma = '${forma}' ORDER BY command_id`),
    calls: rowsOf(
      cloud,
      `SELECT seq, operation FROM calls WHERE token IN (${tokens}) AND operation IN ('create', 'update', 'delete') ORDER BY seq`,
    ),
  }
}

const named = ({ native_id, type }: { readonly type: string; readonly native_id: string }) => `${type} ${native_id}`

/** Secrets are in the cloud, but not in the state. */
const withoutSecret = (properties: string): Properties => {
  const { SecretString: _, ...rest } = JSON.parse(properties) as Properties
  return rest
}

export const checkInvariants = (cloud: string, state: string, deletedElsewhere: ReadonlyArray<string> = []): void => {
  checkOwners(state)
  const there = cloudResources(cloud)
  const known = inventoryRows(state)
  const difference = (some: ReadonlyArray<string>, others: ReadonlyArray<string>) =>
    some.filter((one) => !others.includes(one)).join(", ") || "none"
  const [knownNames, namesThere] = [known.map(named), there.map(named)]
  assert.deepEqual(
    knownNames,
    namesThere,
    `orphans (only in the cloud): ${difference(namesThere, knownNames)}; phantoms (only in the inventory): ${difference(knownNames, namesThere)}`,
  )
  assert.deepEqual(
    known.map(({ actual }) => withoutSecret(actual)),
    there.map(({ properties }) => withoutSecret(properties)),
    "the inventory has what the cloud has",
  )
  // The cloud forgets a token with its resource: what was deleted elsewhere before its create was answered is created again.
  const effects = rowsOf(
    cloud,
    `SELECT token, count(DISTINCT native_id) AS made FROM calls
      WHERE operation = 'create' AND native_id IS NOT NULL
        AND native_id NOT IN (${deletedElsewhere.map((nativeId) => `'${nativeId}'`).join(", ")})
      GROUP BY token HAVING made > 1`,
  )
  assert.deepEqual(effects, [], "each token has at most one effect")
  const tokens = there.map(({ token }) => token)
  assert.lengthOf(new Set(tokens), tokens.length, "no operation has made two resources")
  assert.deepEqual(
    rowsOf(
      state,
      "SELECT operation_id, label, status FROM operations WHERE settled = 0 OR status IN ('InProgress', 'NeedsAttention')",
    ),
    [],
    "every operation is terminal",
  )
  assert.deepEqual(
    rowsOf(state, "SELECT command_id, status FROM commands WHERE status = 'running'"),
    [],
    "every command is terminal",
  )
}
