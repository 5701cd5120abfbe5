/**
 * The cloud: a SQLite file that outlives the plugin. Several plugin processes,
 * and a test that checks what is really there, may have it open at the same time.
 */
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { ProviderError } from "formae/plugin"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as RcMap from "effect/RcMap"
import * as Result from "effect/Result"
import { openTables, type Tables } from "./Tables.ts"

/** One open cloud. */
export interface Account {
  /** Runs a single statement. */
  readonly run: <A>(work: (tables: Tables) => A) => Effect.Effect<A, ProviderError>
  /** Runs several statements in one transaction, which is rolled back if the result is a failure. */
  readonly transact: <A>(work: (tables: Tables) => Result.Result<A, ProviderError>) => Effect.Effect<A, ProviderError>
}

export class Cloud extends Context.Service<
  Cloud,
  {
    /** The cloud in the file at `path`, opened when first used and closed with the layer. */
    readonly account: (path: string) => Effect.Effect<Account, ProviderError>
    /** Fails with `InvalidRequest` if there is no such file. */
    readonly checkExists: (path: string) => Effect.Effect<void, ProviderError>
  }
>()("@formae/plugin-fake-aws/src/Cloud") {
  static readonly layer = Layer.effect(
    Cloud,
    Effect.gen(function* () {
      const accounts = yield* RcMap.make({ lookup: openAccount, idleTimeToLive: "Infinity" })
      return Cloud.of({
        account: (path) =>
          Effect.scoped(RcMap.get(accounts, path)).pipe(
            // A file that cannot be opened now may be there at the next call.
            Effect.tapError(() => RcMap.invalidate(accounts, path)),
          ),
        checkExists: (path) =>
          Effect.suspend(() =>
            existsSync(path)
              ? Effect.void
              : Effect.fail(
                  ProviderError.of(
                    "InvalidRequest",
                    `there is no cloud at ${resolve(path)}: a relative path starts at the folder in which formae runs`,
                  ),
                ),
          ),
      })
    }),
  )
}

const openAccount = Effect.fnUntraced(function* (path: string) {
  const database = yield* Effect.acquireRelease(
    Effect.try({ try: () => new DatabaseSync(path, { timeout: 5_000 }), catch: failWith("InvalidRequest", path) }),
    (open) => Effect.sync(() => open.close()),
  )
  const tables = yield* Effect.try({
    try: () => {
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
      return openTables(database)
    },
    catch: failWith("InvalidRequest", path),
  })
  const account: Account = {
    run: (work) => Effect.try({ try: () => work(tables), catch: failWith("ServiceInternalError", path) }),
    transact: (work) =>
      Effect.flatMap(
        Effect.try({
          try: () => inTransaction(database, () => work(tables)),
          catch: failWith("ServiceInternalError", path),
        }),
        Effect.fromResult,
      ),
  }
  return account
})

const inTransaction = <A, E>(database: DatabaseSync, work: () => Result.Result<A, E>): Result.Result<A, E> => {
  database.exec("BEGIN IMMEDIATE")
  try {
    const result = work()
    database.exec(Result.isSuccess(result) ? "COMMIT" : "ROLLBACK")
    return result
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK")
    throw error
  }
}

const sqliteBusy = 5

/** If others keep the cloud locked, nothing was done, and the call may be repeated. */
const failWith = (code: "InvalidRequest" | "ServiceInternalError", path: string) => (error: unknown) => {
  const busy = Predicate.hasProperty(error, "errcode") && error.errcode === sqliteBusy
  const reason = Predicate.hasProperty(error, "message") ? error.message : error
  return ProviderError.of(busy ? "Throttling" : code, `the cloud at ${path}: ${reason}`)
}
