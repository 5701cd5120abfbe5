/**
 * What happens on a full disk. A command of its own fails, and says what to do.
 * An agent that stays stops new work and nothing else: what is under way waits
 * until there is room, and then goes on by itself.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import * as NodeSqlite from "./NodeSqlite.ts"
import { primaryCode, ResultCode } from "./ResultCode.ts"

/** Whether writes wait for room on a full disk. False by default; for an agent that stays, true. Read when its layer is built. */
export const WaitsForRoom = Context.Reference<boolean>("formae/agent/store/WaitsForRoom", {
  defaultValue: () => false,
})

/** Between two attempts of a write. A full disk is looked at for as long as the work under way is worth. */
const retryDelay = "1 second"

export interface DiskRoom {
  /** Makes a write again for as long as the disk is full. Fails as the write does where it is interrupted meanwhile. */
  readonly whenRoom: <A, E, R>(write: Effect.Effect<A, E | SqlError, R>) => Effect.Effect<A, E | SqlError, R>
  /** Fails as the last write has that waits for room, if one does. */
  readonly refuseWhileFull: Effect.Effect<void, SqlError>
}

const codeOf = (error: SqlError): number => primaryCode(NodeSqlite.codeOf(error) ?? 0)

/** Whether an error says that the disk is full. */
export const isFull = (error: unknown): error is SqlError => isSqlError(error) && codeOf(error) === ResultCode.full

/** Whether a write may succeed later, because the disk is full or another process writes. */
export const isPassing = (error: unknown): error is SqlError =>
  isFull(error) || (isSqlError(error) && codeOf(error) === ResultCode.busy)

/** Without `waits`, a write fails at once, and costs nothing more. */
export const makeDiskRoom = (sql: SqlClient, waits: boolean): DiskRoom => {
  if (!waits) return { whenRoom: (write) => write, refuseWhileFull: Effect.void }
  let waiting = 0
  let last: SqlError | undefined

  const began = Effect.suspend(() => {
    waiting += 1
    return waiting > 1
      ? Effect.void
      : Effect.logWarning(
          "The disk of the state is full. What is under way waits until there is room, and no new command is begun",
        )
  })
  const ended = Effect.suspend(() => {
    waiting -= 1
    if (waiting > 0) return Effect.void
    last = undefined
    return Effect.logInfo("The disk of the state has room again, or nothing waits for it any more")
  })

  /** Where nobody may interrupt it, an agent that stops still must not wait for a disk. */
  const pause = (error: SqlError) =>
    Effect.flatMap(Effect.exit(Effect.interruptible(Effect.sleep(retryDelay))), (slept) =>
      slept._tag === "Success" ? Effect.void : Effect.fail(error),
    )

  const untilRoom: DiskRoom["whenRoom"] = (write) => {
    const again: typeof write = Effect.catchIf(write, isFull, (error) => {
      last = error
      return Effect.andThen(pause(error), again)
    })
    return Effect.catchIf(write, isFull, (error) => {
      last = error
      return Effect.acquireUseRelease(
        began,
        () => Effect.andThen(pause(error), again),
        () => ended,
      )
    })
  }

  return {
    // A part of a transaction must not wait: it would keep the connection. The whole transaction is made again.
    whenRoom: (write) =>
      Effect.flatMap(Effect.serviceOption(sql.transactionService), (transaction) =>
        Option.isSome(transaction) ? write : untilRoom(write),
      ),
    refuseWhileFull: Effect.suspend(() => (last === undefined ? Effect.void : Effect.fail(last))),
  }
}
