import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { makeGroupCommit } from "../../../src/agent/store/GroupCommit.ts"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** A file with a table of words, groups of writes to it, and what another process sees in it. */
export const makeWords = <E = never>(begin: Effect.Effect<void, E> = Effect.void) =>
  Effect.gen(function* () {
    const filename = join(yield* temporaryFolder, "a.db")
    const sql = Context.get(yield* Layer.build(NodeSqlite.layer({ filename, foundAt: filename })), SqlClient.SqlClient)
    yield* sql`CREATE TABLE words (word TEXT UNIQUE, after TEXT REFERENCES words (word) DEFERRABLE INITIALLY DEFERRED)`
    const other = yield* Effect.acquireRelease(
      Effect.sync(() => new DatabaseSync(filename)),
      (opened) => Effect.sync(() => opened.close()),
    )
    const write = makeGroupCommit(sql, begin)
    const insert = (word: string) => sql`INSERT INTO words (word) VALUES (${word})`
    return {
      sql,
      other,
      write,
      insert,
      add: (word: string) => write(insert(word)),
      seen: () =>
        other
          .prepare("SELECT word FROM words ORDER BY word")
          .all()
          .map(({ word }) => String(word)),
      transactions: () => Number(other.prepare("PRAGMA user_version").get()?.["user_version"]),
    }
  })

export const together = <A, E>(writes: ReadonlyArray<Effect.Effect<A, E>>) =>
  Effect.forEach(writes, Effect.exit, { concurrency: "unbounded" })
