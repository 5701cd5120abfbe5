/**
 * Group commit: writes that wait at the same moment become one transaction,
 * because a small write spends most of its time in COMMIT, which waits for the
 * disk. Each is made by the fiber of its caller, in a savepoint, so that one
 * that fails or is interrupted undoes no other. None ends before the COMMIT of
 * its group has returned.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { gainedServices, withGained } from "./gainedServices.ts"
import { type Group, makeWriteGroups } from "./WriteGroups.ts"

/** No member has written anything, so there is nothing to commit. */
class NothingWritten extends Data.TaggedError("NothingWritten") {}

/**
 * Makes writes in the transaction of a group, or in that which its caller has
 * begun. Where the transaction of the group fails, every write of it does.
 */
export type WriteInGroup<E> = <A, E2, R>(writes: Effect.Effect<A, E2, R>) => Effect.Effect<A, E | E2 | SqlError, R>

/** What the database said of a write that failed. */
const refusalIn = (cause: Cause.Cause<unknown>): SqlError | undefined =>
  Option.getOrUndefined(Option.filter(Cause.findErrorOption(cause), isSqlError))

/** A server ends one of two transactions that wait for each other. What it had written is undone, and so it is made again. */
const isUndone = (error: unknown): boolean =>
  isSqlError(error) && (error.reason._tag === "DeadlockError" || error.reason._tag === "SerializationError")
const again = { while: isUndone, times: 5 }

/** `begin` is run at the start of each transaction. Where it fails, nothing is written. */
export const makeGroupCommit = <E>(sql: SqlClient, begin: Effect.Effect<void, E>): WriteInGroup<E> => {
  const connection = Effect.map(
    Effect.serviceOption(sql.transactionService),
    Option.map(([connection]) => connection),
  )
  /** The connection on which a group writes now. */
  let writing: unknown

  /** In turn, because they share a connection. */
  const writeAll = Effect.fnUntraced(function* (group: Group<E | SqlError>, outside: Context.Context<never>) {
    groups.close(group)
    yield* begin
    yield* sql`SAVEPOINT formae_group`
    writing = Option.getOrUndefined(yield* connection)
    const gained = gainedServices(outside, yield* Effect.context<never>())
    for (const member of group.members) {
      if (member.hasLeft) continue
      // Even if nobody waits any more: it must not be rolled back while it writes.
      yield* Effect.uninterruptible(Effect.andThen(Deferred.succeed(member.turn, gained), Deferred.await(member.ended)))
    }
    if (!group.members.some(({ hasWritten }) => hasWritten)) return yield* new NothingWritten()
    // It is gone where the database has rolled back the transaction by itself, as it may on a full disk. What was
    // written before that is lost, and COMMIT would succeed in the transaction that the next savepoint has begun.
    yield* Effect.mapError(sql`RELEASE SAVEPOINT formae_group`, (error) => group.refused ?? error)
  })

  const groups = makeWriteGroups<E | SqlError>((group) =>
    Effect.flatMap(Effect.context<never>(), (outside) => sql.withTransaction(writeAll(group, outside))).pipe(
      Effect.catchIf(
        (error) => error instanceof NothingWritten,
        () => Effect.void,
      ),
      Effect.ensuring(Effect.sync(() => (writing = undefined))),
    ),
  )

  const inGroup = <A, E2, R>(writes: Effect.Effect<A, E2, R>): Effect.Effect<A, E | E2 | SqlError, R> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const { group, member } = yield* groups.join
        const gained = yield* Effect.onInterrupt(restore(Deferred.await(member.turn)), () => {
          member.hasLeft = true
          // It may have its turn already, of which it has not heard.
          Deferred.doneUnsafe(member.ended, Exit.void)
          return groups.leave(group)
        })
        const exit = yield* sql.withTransaction(writes).pipe(withGained(gained), restore, Effect.exit)
        member.hasWritten = Exit.isSuccess(exit)
        if (Exit.isFailure(exit)) group.refused ??= refusalIn(exit.cause)
        yield* Deferred.succeed(member.ended, undefined)
        const done = Deferred.await(group.done)
        yield* Effect.onInterrupt(restore(done), () => Effect.andThen(groups.leave(group), Effect.exit(done)))
        return yield* exit
      }),
    )

  return (writes) =>
    Effect.flatMap(connection, (outer) => {
      if (Option.isNone(outer)) return Effect.retry(inGroup(writes), again)
      return sql.withTransaction(outer.value === writing ? writes : Effect.andThen(begin, writes))
    })
}
