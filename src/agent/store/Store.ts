/**
 * The durable store of an agent: a database that has the tables of this version,
 * and the vault for its secrets. It is a SQLite file, or a schema of a Postgres
 * server. Everything above uses only SQL that both understand.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import type { MigrationError } from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { accessTo, checkContent, checkFiles, keyOf, refuseLoss } from "./FileCheck.ts"
import { checkRights } from "./checkRights.ts"
import { type Backup, BackupRefused, copyState } from "./copyState.ts"
import { copyOf } from "./FileCopy.ts"
import { FileRefused } from "./FileRefused.ts"
import { checkKey } from "./KeyProof.ts"
import { StoreCondition } from "./FileTrouble.ts"
import { layerPostgres, type PostgresStore } from "./postgres/layerPostgres.ts"
import { isPostgresUrl, shownState } from "./postgres/PostgresAddress.ts"
import { lastMigration } from "./migrations.ts"
import * as MemoryDatabase from "./MemoryDatabase.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { backUp } from "./StateBackup.ts"
import { makeStateFile } from "./makeStateFile.ts"
import { LaterVersion, migrate, reachedStep, refuseLater } from "./StoreTables.ts"
import { followLinks } from "./StateFileLink.ts"
import { type Conversion, findNamedTwice, NamedTwice, StateConversion } from "./StateConversion.ts"
import { refuseForeign } from "./refuseForeign.ts"
import { StateLock } from "./StateLock.ts"
import { conditionOfError, StoreUnavailable, unavailable } from "./StoreUnavailable.ts"
import { Vault } from "./Vault.ts"

export {
  type Backup,
  BackupRefused,
  conditionOfError,
  type Conversion,
  FileRefused,
  followLinks,
  isPostgresUrl,
  LaterVersion,
  layerPostgres,
  NamedTwice,
  type PostgresStore,
  shownState,
  StateConversion,
  StoreCondition,
  StoreUnavailable,
}

/** What opening a state file gives: the database, the vault for its secrets, and what keeps other agents from it. */
export type StoreLayer = Layer.Layer<SqlClient | StateLock | Vault, StoreUnavailable, FileSystem.FileSystem | Path.Path>

/** Copies a file that a migration will change. */
const backUpEarlier = Effect.fnUntraced(function* (file: string) {
  const step = yield* reachedStep
  if (step === undefined || step >= lastMigration) return undefined
  return { namedTwice: yield* findNamedTwice, backup: yield* backUp(file) }
})

/**
 * Opens a file that this user may write. `path` is how it was named: a link
 * that may lead to another file when the next command opens it. `original` is
 * the file that it is a copy of, or itself.
 */
const layerWritable = (file: string, path: string, original = file) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const found = yield* checkFiles(original)
      const check = Effect.andThen(refuseForeign, refuseLoss(found))
      if (found.isEmpty) yield* makeStateFile(file, original)
      else yield* checkContent(file, check)
      // Checked again once it is open: it may have changed since it was prepared.
      const prepare = Effect.andThen(check, file === original ? backUpEarlier(file) : Effect.undefined)
      return layerMigrated(NodeSqlite.layer({ filename: file, foundAt: path }), prepare)
    }),
  )

/** The store in `file`. Errors name it as `path`, which is how the user has named it. */
const layerOpened = (file: string, path: string): StoreLayer =>
  Layer.effectDiscard(checkKey(keyOf(file))).pipe(
    Layer.provideMerge(
      Layer.mergeAll(layerWritable(file, path), Vault.layerFile(keyOf(file)), StateLock.layerFile(file)),
    ),
    Layer.catch((error) => Layer.effectContext(Effect.fail(unavailable(path)(error)))),
  )

/**
 * Opens the state file, and makes it and its folder where they are missing.
 * Where it is a link, everything that belongs to it is next to the file that the
 * link leads to. The key of its secrets is in `FILE.key`. Fails with
 * `StoreUnavailable` where the file cannot be read or written, is damaged, or is
 * not a state file that this version can use.
 */
export const layerFile = (path: string): StoreLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const file = yield* followLinks(path)
      yield* checkRights(file)
      const { trouble } = yield* accessTo(file)
      if (trouble !== undefined) return yield* new FileRefused(trouble)
      return layerOpened(file, path)
    }).pipe(Effect.mapError(unavailable(path))),
  )

/**
 * Opens the state file for a command that changes nothing, on disk neither. It is
 * read from a temporary copy, because SQLite writes to a file that it opens, and
 * because its tables may be those of an earlier version. Only where no copy can
 * be made of a file that this user may write, the file itself is opened. Where a
 * file is missing nothing is made, and the state is empty. Fails as `layerFile`
 * does.
 */
export const layerFileToRead = (path: string): StoreLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const file = yield* followLinks(path)
      yield* checkRights(file)
      const fs = yield* FileSystem.FileSystem
      const isMissing = !(yield* Effect.orElseSucceed(fs.exists(file), () => true))
      if (isMissing) {
        // What is next to a file that is missing may show that it has been used.
        yield* checkFiles(file)
        return Layer.merge(layerEmpty, StateLock.layerFile(file))
      }
      const { isReadOnly } = yield* accessTo(file)
      const copied = yield* Effect.result(copyOf(file))
      if (copied._tag === "Failure") {
        // Another process is writing to it all the time, or there is no room for a copy.
        if (!isReadOnly) return layerFile(path)
        return yield* copied.failure
      }
      const copy = copied.success
      return Layer.effectDiscard(checkKey(keyOf(file), true)).pipe(
        Layer.provideMerge(
          Layer.mergeAll(layerWritable(copy, copy, file), Vault.layerFile(keyOf(file)), StateLock.layerFile(file)),
        ),
        Layer.catch((error) => Layer.effectContext(Effect.fail(unavailable(path)(error)))),
      )
    }).pipe(Effect.mapError(unavailable(path))),
  )

/**
 * Copies the state in the file `path` to a new file `target`, also while an agent
 * writes to it, and checks that the copy can be opened. The key of its secrets
 * is not copied. Fails with `BackupRefused` where there is no state, or something
 * is in the place of the copy, and with `StoreUnavailable` where the state cannot
 * be read, or the copy cannot be written.
 */
export const backUpTo = (
  path: string,
  target: string,
): Effect.Effect<Backup, BackupRefused | StoreUnavailable, FileSystem.FileSystem | Path.Path> =>
  Effect.mapError(copyState(path, target), (error) =>
    error._tag === "BackupRefused" ? error : unavailable(path)(error),
  )

/**
 * The store in a SQLite database that the host has opened, such as one behind a
 * client of its own. Makes its tables, or brings them to this version; nothing
 * else may write to them. Other agents are kept from it as
 * `StateLock.layerProcesses` says. The secrets need a key too: `Vault.layerKey`
 * or `Vault.layerFile`. Fails with `LaterVersion` where a later version of formae
 * has made the tables, and with `SqlError` or `MigrationError` where they cannot
 * be made.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 * import type { SqlClient } from "effect/sql/SqlClient"
 * import { Store, Vault } from "formae/agent"
 *
 * const layerStore = (client: Layer.Layer<SqlClient>, key: Uint8Array) =>
 *   Layer.merge(Store.layerFrom(client), Vault.layerKey(Redacted.make(key)))
 * ```
 */
export const layerFrom = <E, R>(
  client: Layer.Layer<SqlClient, E, R>,
): Layer.Layer<SqlClient | StateLock, E | LaterVersion | MigrationError | SqlError, R> => {
  // The migrator leaves the tables of a later version as they are, so they are checked once they certainly exist.
  const layerChecked = Layer.provideMerge(Layer.effectDiscard(refuseLater), layerMigrated(client, Effect.undefined))
  return Layer.merge(layerChecked, StateLock.layerProcesses)
}

/** A database in memory, and a key for it. */
const layerEmpty = Layer.merge(MemoryDatabase.layer, Vault.layerMemory)

/** A store in memory, which is gone when the layer is released: for tests. */
export const layerMemory: Layer.Layer<SqlClient | StateLock | Vault> = Layer.merge(layerEmpty, StateLock.layerMemory)

/** `prepare` comes before the migration. */
function layerMigrated<E, R, E2, R2>(
  client: Layer.Layer<SqlClient, E, R>,
  prepare: Effect.Effect<typeof StateConversion.Service, E2, R2 | SqlClient>,
) {
  return Layer.effect(
    StateConversion,
    Effect.tap(prepare, () => migrate),
  ).pipe(Layer.provideMerge(client))
}
