/**
 * A lock that at most one connection has, of all processes on a machine: an
 * exclusive transaction of SQLite on a file of its own, which stays empty. It
 * is refused to other threads, other copies of this package, other processes
 * and other containers, and the system gives it back when its process ends.
 *
 * Nothing but this module may open the file: a process that closes a file loses
 * its locks on it, and SQLite only looks after its own connections.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import { closeSync, openSync, realpathSync, statSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { sqliteCodeOf, sqlErrorOf } from "./NodeSqlite.ts"
import { setPragma } from "./Pragma.ts"
import { primaryCode, ResultCode } from "./ResultCode.ts"

/** How long SQLite waits: one that only looks at the lock has it for a moment. */
const timeout = 50

const permissions = 0o777

/** The lock file of a state file. A link leads to the same lock as the file itself. */
export const lockFileOf = (stateFile: string): string => {
  try {
    return `${realpathSync(stateFile)}.lock`
  } catch {
    return `${stateFile}.lock`
  }
}

/** Makes the file for those who may use the state file. Does not open one that exists. */
const ensureFile = (file: string, stateFile: string): void => {
  try {
    closeSync(openSync(file, "wx", statSync(stateFile).mode & permissions))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
  }
}

const isBusy = (error: unknown): boolean => primaryCode(sqliteCodeOf(error) ?? 0) === ResultCode.busy

/** A connection that has the lock. Undefined where another one has it. */
const lock = (stateFile: string): DatabaseSync | undefined => {
  const file = lockFileOf(stateFile)
  ensureFile(file, stateFile)
  const database = new DatabaseSync(file, { timeout })
  try {
    // A journal beside the file would be left behind by a process that is killed.
    setPragma(database, "journal_mode", "memory")
    database.exec("BEGIN EXCLUSIVE")
    return database
  } catch (error) {
    database.close()
    if (isBusy(error)) return undefined
    throw error
  }
}

/** Reading is refused while another connection has the lock, and two that read do not disturb each other. */
const isLocked = (stateFile: string): boolean => {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(lockFileOf(stateFile), { readOnly: true, timeout })
    database.prepare("SELECT 1 FROM sqlite_schema").all()
    return false
  } catch (error) {
    if (isBusy(error)) return true
    // There is no lock file yet.
    if (primaryCode(sqliteCodeOf(error) ?? 0) === ResultCode.cannotOpen) return false
    throw error
  } finally {
    database?.close()
  }
}

const hold = (
  file: string,
  acquire: (file: string) => DatabaseSync | undefined,
): Effect.Effect<boolean, SqlError, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.try({ try: () => acquire(file), catch: (error) => sqlErrorOf(lockFileOf(file))("lock")(error) }),
      (database) => Effect.sync(() => database?.close()),
    ),
    (database) => database !== undefined,
  )

/** Takes the lock of a state file until the scope closes. False where another connection has it. */
export const takeLock = (stateFile: string): Effect.Effect<boolean, SqlError, Scope.Scope> => hold(stateFile, lock)

/** A connection that shares the lock with others like it. Undefined where another one has it alone. */
const share = (file: string): DatabaseSync | undefined => {
  const lockFile = lockFileOf(file)
  ensureFile(lockFile, file)
  const database = new DatabaseSync(lockFile, { readOnly: true, timeout })
  try {
    // Reading is what shares it, and the transaction keeps it.
    database.exec("BEGIN")
    database.prepare("SELECT 1 FROM sqlite_schema").all()
    return database
  } catch (error) {
    database.close()
    if (isBusy(error)) return undefined
    throw error
  }
}

/**
 * Shares the lock of a file until the scope closes: others may share it, and
 * nobody can take it. False where another connection has taken it.
 */
export const shareLock = (file: string): Effect.Effect<boolean, SqlError, Scope.Scope> => hold(file, share)

/** Whether a connection has the lock of a state file. */
export const isLockTaken = (stateFile: string): Effect.Effect<boolean, SqlError> =>
  Effect.try({ try: () => isLocked(stateFile), catch: (error) => sqlErrorOf(lockFileOf(stateFile))("lock")(error) })
