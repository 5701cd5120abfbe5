/**
 * The three tables of a cloud, by prepared statements. All functions are
 * synchronous, so that no other fiber can interfere with a transaction, and
 * throw what SQLite throws.
 */
import type { DatabaseSync } from "node:sqlite"
import { NativeId, OperationId, Properties, type ResourceType } from "formae/protocol"
import * as Schema from "effect/Schema"
import type { CallKind } from "./Target.ts"

const definition = `
  CREATE TABLE IF NOT EXISTS resources (
    native_id TEXT NOT NULL,
    type TEXT NOT NULL,
    properties TEXT NOT NULL,
    token TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (type, native_id)
  );
  CREATE INDEX IF NOT EXISTS resources_by_token ON resources (type, token);
  CREATE INDEX IF NOT EXISTS resources_by_vpc ON resources (type, properties ->> 'VpcId');
  CREATE INDEX IF NOT EXISTS resources_by_name ON resources (type, properties ->> 'Name');
  CREATE TABLE IF NOT EXISTS calls (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    operation TEXT NOT NULL,
    type TEXT NOT NULL,
    native_id TEXT,
    token TEXT NOT NULL,
    outcome TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS faults (key TEXT PRIMARY KEY, used INTEGER NOT NULL);
`

/** A row of `resources`. Its token is the id of the operation that created it. */
const Row = Schema.Struct({
  nativeId: NativeId,
  properties: Schema.fromJsonString(Properties),
  token: OperationId,
  createdAt: Schema.Int,
})
export type Row = typeof Row.Type

/** A call as it is recorded before it does anything. */
export interface CallEntry {
  readonly at: number
  readonly operation: CallKind
  readonly type: ResourceType
  readonly nativeId: NativeId | undefined
  readonly token: OperationId
}

const decodeRow = Schema.decodeUnknownSync(Schema.UndefinedOr(Row))
const decodeNativeIds = Schema.decodeUnknownSync(Schema.Array(Schema.Struct({ nativeId: NativeId })))
const decodeId = Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String }))
const encodeProperties = Schema.encodeSync(Row.fields.properties)

export type Tables = ReturnType<typeof openTables>

export const openTables = (database: DatabaseSync) => {
  database.exec(definition)

  const row = "SELECT native_id AS nativeId, properties, token, created_at AS createdAt FROM resources WHERE type = ?"
  const find = database.prepare(`${row} AND native_id = ?`)
  const findByToken = database.prepare(`${row} AND token = ? LIMIT 1`)
  const findByVpc = database.prepare(`${row} AND properties ->> 'VpcId' = ? LIMIT 1`)
  const findByName = database.prepare(`${row} AND properties ->> 'Name' = ? LIMIT 1`)
  const insert = database.prepare(
    "INSERT INTO resources (native_id, type, properties, token, created_at) VALUES (?, ?, ?, ?, ?)",
  )
  const change = database.prepare("UPDATE resources SET properties = ? WHERE type = ? AND native_id = ?")
  const remove = database.prepare("DELETE FROM resources WHERE type = ? AND native_id = ?")
  const page = database.prepare(
    "SELECT native_id AS nativeId FROM resources WHERE type = ? AND native_id > ? ORDER BY native_id LIMIT ?",
  )
  const newId = database.prepare("SELECT substr(lower(hex(randomblob(9))), 1, 17) AS id")
  const startCall = database.prepare(
    "INSERT INTO calls (at, pid, operation, type, native_id, token, outcome) VALUES (?, ?, ?, ?, ?, ?, 'started')",
  )
  const nameCall = database.prepare("UPDATE calls SET native_id = ? WHERE seq = ?")
  const finishCall = database.prepare("UPDATE calls SET outcome = ? WHERE seq = ?")
  const useFault = database.prepare(
    "INSERT INTO faults (key, used) VALUES (?1, 1) ON CONFLICT (key) DO UPDATE SET used = used + 1 WHERE used < ?2",
  )

  return {
    find: (type: ResourceType, nativeId: string) => decodeRow(find.get(type, nativeId)),
    findByToken: (type: ResourceType, token: OperationId) => decodeRow(findByToken.get(type, token)),
    findByVpc: (type: ResourceType, vpcId: string) => decodeRow(findByVpc.get(type, vpcId)),
    findByName: (type: ResourceType, name: string) => decodeRow(findByName.get(type, name)),
    insert: (type: ResourceType, { createdAt, nativeId, properties, token }: Row) => {
      insert.run(nativeId, type, encodeProperties(properties), token, createdAt)
    },
    change: (type: ResourceType, nativeId: NativeId, properties: Properties) => {
      change.run(encodeProperties(properties), type, nativeId)
    },
    remove: (type: ResourceType, nativeId: NativeId): boolean => Number(remove.run(type, nativeId).changes) > 0,
    /** Native ids in order, starting with the one that follows `after`. */
    page: (type: ResourceType, after: string, limit: number): ReadonlyArray<NativeId> =>
      decodeNativeIds(page.all(type, after, limit)).map(({ nativeId }) => nativeId),
    /** The random part of a native id: 17 hexadecimal digits, as in EC2. */
    newId: (): string => decodeId(newId.get()).id,
    startCall: ({ at, nativeId, operation, token, type }: CallEntry): number =>
      Number(startCall.run(at, process.pid, operation, type, nativeId ?? null, token).lastInsertRowid),
    nameCall: (seq: number, nativeId: NativeId) => {
      nameCall.run(nativeId, seq)
    },
    finishCall: (seq: number, outcome: string) => {
      finishCall.run(outcome, seq)
    },
    /** Counts one use of a fault and returns true, unless it was already used `times` times. */
    useFault: (key: string, times: number): boolean => Number(useFault.run(key, times).changes) > 0,
  }
}
