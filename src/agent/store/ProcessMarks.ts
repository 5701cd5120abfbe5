/**
 * Marks that everything in this process sees: other worker threads, and other
 * copies of this package, which share no variable with this one. What they do
 * share is SQLite, because Node has it once per process. A mark is a database
 * in memory that is locked. Nothing is written to disk, and no other process
 * sees it.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { DatabaseSync } from "node:sqlite"

/** One database for all connections of a process that give this name: https://www.sqlite.org/inmemorydb.html#sharedmemdb */
const open = (name: string): DatabaseSync =>
  new DatabaseSync(`file:formae-mark-${encodeURIComponent(name)}?mode=memory&cache=shared`)

/** SQLITE_LOCKED_SHAREDCACHE: another connection of this process has locked the database. */
const lockedHere = 262

const isLocked = (error: unknown): boolean => (error as { readonly errcode?: number }).errcode === lockedHere

const isMarkedNow = (name: string): boolean => {
  const database = open(name)
  try {
    // Reading is refused while the mark stands, and two that read do not disturb each other.
    database.prepare("SELECT 1 FROM sqlite_schema").all()
    return false
  } catch (error) {
    if (isLocked(error)) return true
    throw error
  } finally {
    database.close()
  }
}

/**
 * Sets a mark, and removes it when the scope closes. It also ends with the
 * worker thread that set it, however that ends. `name` must be new, such as a
 * random id.
 */
export const mark = (name: string): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(
      Effect.sync(() => {
        const database = open(name)
        database.exec("BEGIN EXCLUSIVE")
        if (isMarkedNow(name)) return database
        database.close()
        throw new Error("The SQLite of this Node was built without a shared cache, so a state cannot be locked safely")
      }),
      (database) => Effect.sync(() => database.close()),
    ),
  )

/** Whether a mark with this name stands in this process, set by any thread and any copy of this package. */
export const isMarked = (name: string): Effect.Effect<boolean> => Effect.sync(() => isMarkedNow(name))
