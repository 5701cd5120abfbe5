/** The tables of the store, one step for each change. A step that has been released is never edited. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { findByTime } from "./findByTime.ts"
import { findLongIds } from "./findLongIds.ts"
import { keepEvents } from "./keepEvents.ts"
import { keepRequestBodies } from "./keepRequestBodies.ts"
import { keepRequests } from "./keepRequests.ts"
import { resumeAsBegun } from "./resumeAsBegun.ts"
import { shareState } from "./shareState.ts"
import { protectState } from "./protectState.ts"

const createInventory = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE resources (
      forma TEXT NOT NULL,
      label TEXT NOT NULL,
      type TEXT NOT NULL,
      target TEXT NOT NULL,
      target_config TEXT NOT NULL,
      native_id TEXT NOT NULL,
      desired TEXT NOT NULL,
      actual TEXT NOT NULL,
      depends_on TEXT NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (forma, label)
    )`
})

const createQuarantines = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE quarantines (
      plugin TEXT NOT NULL PRIMARY KEY,
      restarts INTEGER NOT NULL,
      reason TEXT NOT NULL,
      at BIGINT NOT NULL
    )`
})

/** At most one row. */
const createCommandLock = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE command_lock (
      id INTEGER NOT NULL PRIMARY KEY,
      owner TEXT NOT NULL,
      pid INTEGER NOT NULL,
      host TEXT NOT NULL,
      started_at BIGINT NOT NULL
    )`
})

const createJournal = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE commands (
      command_id TEXT NOT NULL PRIMARY KEY,
      command TEXT NOT NULL,
      forma TEXT NOT NULL,
      document TEXT,
      status TEXT NOT NULL,
      started_at BIGINT NOT NULL,
      ended_at BIGINT
    )`
  yield* sql`
    CREATE TABLE operations (
      operation_id TEXT NOT NULL PRIMARY KEY,
      command_id TEXT NOT NULL,
      forma TEXT NOT NULL,
      label TEXT NOT NULL,
      type TEXT NOT NULL,
      target TEXT NOT NULL,
      target_config TEXT NOT NULL,
      kind TEXT NOT NULL,
      desired TEXT NOT NULL,
      secrets TEXT,
      depends_on TEXT NOT NULL,
      native_id TEXT,
      request_id TEXT,
      sent INTEGER NOT NULL,
      status TEXT NOT NULL,
      settled INTEGER NOT NULL,
      failure TEXT,
      crashes TEXT NOT NULL,
      started_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`
  yield* sql`CREATE INDEX operations_open ON operations (settled, forma, label)`
  yield* sql`CREATE INDEX operations_of_command ON operations (command_id)`
})

/** The system reuses the ids of processes: the start time says which process holds the lock. */
const tellProcessesApart = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE command_lock ADD COLUMN process_start TEXT`
})

/** What the ids in encoded values stand for, locked in the vault. */
const createSecrets = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE secrets (
      id TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL,
      kept_at BIGINT NOT NULL
    )`
})

/** At which paths the keys of a resource's objects have been compared exactly. Null is none, for rows from before this step. */
const noteExactPaths = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE resources ADD COLUMN exact_paths TEXT`
})

/**
 * One thing has one owner. Rows of before have no place yet, and are not
 * compared until it has been asked: NULL is not equal to NULL.
 */
const identifyThings = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE resources ADD COLUMN place TEXT`
  yield* sql`ALTER TABLE operations ADD COLUMN place TEXT`
  yield* sql`CREATE UNIQUE INDEX resources_identity ON resources (type, place, native_id)`
  yield* sql`CREATE INDEX resources_native_id ON resources (type, native_id)`
})

/**
 * One row, whose epoch grows with each holder of the state. A command of 0.1.0
 * that is running now stays its holder, at the epoch 0.
 */
const createStateOwnership = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE state_ownership (
      id INTEGER NOT NULL PRIMARY KEY,
      epoch BIGINT NOT NULL,
      owner TEXT,
      kind TEXT,
      pid INTEGER,
      host TEXT,
      process_start TEXT,
      since BIGINT
    )`
  yield* sql`
    INSERT INTO state_ownership (id, epoch, owner, kind, pid, host, process_start, since)
    SELECT 1, 0, owner, 'process', pid, host, process_start, started_at FROM command_lock`
  yield* sql`INSERT INTO state_ownership (id, epoch) VALUES (1, 0) ON CONFLICT (id) DO NOTHING`
  yield* sql`DROP TABLE command_lock`
})

/** What a document asks for beside properties. Null is nothing, for rows from before this step. */
const noteCare = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE resources ADD COLUMN care TEXT`
  yield* sql`ALTER TABLE operations ADD COLUMN care TEXT`
})

/** What the last applies of documents have given to others. */
const createDocumentOutputs = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE document_outputs (
      forma TEXT NOT NULL PRIMARY KEY,
      outputs TEXT NOT NULL,
      uses TEXT NOT NULL,
      checksum TEXT
    )`
})

/** To which labels an apply was limited, as JSON. Null is no limit. */
const limitCommands = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE commands ADD COLUMN only_labels TEXT`
})

/** What syncs read of resources, and when drift appeared and went. Null is a resource that no sync has read. */
const recordDrift = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE resources ADD COLUMN last_read TEXT`
  yield* sql`
    CREATE TABLE drifts (
      drift_id TEXT NOT NULL PRIMARY KEY,
      forma TEXT NOT NULL,
      label TEXT NOT NULL,
      path TEXT NOT NULL,
      since BIGINT NOT NULL,
      ended_at BIGINT,
      ended_by TEXT,
      checksum TEXT
    )`
  yield* sql`CREATE INDEX drifts_of_resource ON drifts (forma, label, ended_at)`
  // What was applied last, locked in the vault, where something in it is repaired.
  yield* sql`CREATE TABLE repair_documents (forma TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL, checksum TEXT)`
})

export const migrations = {
  "0001_create_inventory": createInventory,
  "0002_create_quarantines": createQuarantines,
  "0003_create_command_lock": createCommandLock,
  "0004_create_journal": createJournal,
  "0005_tell_processes_apart": tellProcessesApart,
  "0006_create_secrets": createSecrets,
  "0007_identify_things": identifyThings,
  "0008_create_state_ownership": createStateOwnership,
  "0009_protect_state": protectState,
  "0010_note_exact_paths": noteExactPaths,
  "0011_note_care": noteCare,
  "0012_create_document_outputs": createDocumentOutputs,
  "0013_keep_events": keepEvents,
  "0014_limit_commands": limitCommands,
  "0015_record_drift": recordDrift,
  "0018_keep_requests": keepRequests,
  "0019_resume_as_begun": resumeAsBegun,
  "0021_share_state": shareState,
  "0022_keep_request_bodies": keepRequestBodies,
  "0023_find_by_time": findByTime,
  "0024_find_long_ids": findLongIds,
}

/** The number at the beginning of the last step's name. */
export const lastMigration = Math.max(...Object.keys(migrations).map((name) => Number.parseInt(name, 10)))
