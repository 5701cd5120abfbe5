/**
 * Group commit: writes that wait at the same moment become one transaction,
 * because a small write spends most of its time in COMMIT, which waits for the
 * disk. Each is made by the fiber of its caller, in a savepoint, so that one
 * that fails or is interrupted undoes no other. None ends before the COMMIT of
 * its group has returned.
 */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** What the fiber of a group knows inside of its transaction. */
type TransactionContext = Context.Context<never>

interface Member<E> {
  /** Its turn to write, in the transaction of the group. */
  readonly turn: Deferred.Deferred<TransactionContext, E | SqlError>
  readonly ended: Deferred.Deferred<void>
  hasLeft: boolean
  hasWritten: boolean
}

interface Group<E> {
  readonly members: Array<Member<E>>
  /** How many members were not interrupted. */
  waiting: number
  /** The COMMIT has returned, or the transaction was rolled back. */
  readonly done: Deferred.Deferred<void, E | SqlError>
  fiber?: Fiber.Fiber<void>
}

/** No member has written anything, so there is nothing to commit. */
class NothingWritten extends Data.TaggedError("NothingWritten") {}

/**
 * Makes writes in the transaction of a group, or in that which its caller has
 * begun. Fails with what `begin` fails with. Where the transaction of the group
 * fails, every write of it does.
 */
export type WriteInGroup<E> = <A, E2, R>(writes: Effect.Effect<A, E2, R>) => Effect.Effect<A, E | E2 | SqlError, R>

/** `begin` is run at the start of each transaction. */
export const makeGroupCommit = <E>(sql: SqlClient, begin: Effect.Effect<void, E>): WriteInGroup<E> => {
  const connection = Effect.map(
    Effect.serviceOption(sql.transactionService),
    Option.map(([connection]) => connection),
  )
  let gathering: Group<E> | undefined
  /** The connection on which a group writes now. */
  let writing: unknown

  /** In turn, because they share a connection. */
  const writeAll = Effect.fnUntraced(function* (group: Group<E>) {
    gathering = undefined
    yield* begin
    writing = Option.getOrUndefined(yield* connection)
    const context = yield* Effect.context<never>()
    for (const member of group.members) {
      if (member.hasLeft) continue
      // Even if nobody waits any more: it must not be rolled back while it writes.
      yield* Effect.uninterruptible(
        Effect.andThen(Deferred.succeed(member.turn, context), Deferred.await(member.ended)),
      )
    }
    if (!group.members.some(({ hasWritten }) => hasWritten)) return yield* new NothingWritten()
  })

  const settle = (group: Group<E>, exit: Exit.Exit<void, E | SqlError>) => {
    if (gathering === group) gathering = undefined
    writing = undefined
    if (Exit.isFailure(exit))
      for (const { turn } of group.members) Deferred.doneUnsafe(turn, Exit.failCause(exit.cause))
    Deferred.doneUnsafe(group.done, exit)
  }

  const commit = (group: Group<E>) =>
    sql.withTransaction(writeAll(group)).pipe(
      Effect.catchIf(
        (error) => error instanceof NothingWritten,
        () => Effect.void,
      ),
    )

  const lead = (group: Group<E>): Effect.Effect<void> =>
    Effect.andThen(gather(group), commit(group)).pipe(
      Effect.onExit((exit) => Effect.sync(() => settle(group, exit))),
      Effect.exit,
      Effect.asVoid,
    )

  const join = Effect.suspend(() => {
    const member: Member<E> = {
      turn: Deferred.makeUnsafe(),
      ended: Deferred.makeUnsafe(),
      hasLeft: false,
      hasWritten: false,
    }
    if (gathering !== undefined) {
      gathering.members.push(member)
      gathering.waiting += 1
      return Effect.succeed({ group: gathering, member })
    }
    const group: Group<E> = { members: [member], waiting: 1, done: Deferred.makeUnsafe() }
    gathering = group
    return Effect.map(Effect.forkDetach(lead(group)), (fiber) => {
      group.fiber = fiber
      return { group, member }
    })
  })

  /** A group that nobody waits for is rolled back, unless it is being committed. */
  const leave = (group: Group<E>) =>
    Effect.sync(() => {
      group.waiting -= 1
      if (group.waiting === 0) group.fiber?.interruptUnsafe()
    })

  const inGroup = <A, E2, R>(writes: Effect.Effect<A, E2, R>): Effect.Effect<A, E | E2 | SqlError, R> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const { group, member } = yield* join
        const context = yield* Effect.onInterrupt(restore(Deferred.await(member.turn)), () => {
          member.hasLeft = true
          return leave(group)
        })
        const own = yield* Effect.context<R>()
        const exit = yield* sql
          .withTransaction(writes)
          .pipe(Effect.provideContext(Context.merge(context, own)), restore, Effect.exit)
        member.hasWritten = Exit.isSuccess(exit)
        yield* Deferred.succeed(member.ended, undefined)
        const done = Deferred.await(group.done)
        yield* Effect.onInterrupt(restore(done), () => Effect.andThen(leave(group), Effect.exit(done)))
        return yield* exit
      }),
    )

  return (writes) =>
    Effect.flatMap(connection, (outer) => {
      if (Option.isNone(outer)) return inGroup(writes)
      return sql.withTransaction(outer.value === writing ? writes : Effect.andThen(begin, writes))
    })
}

/** Waits for as long as more writes come in each turn of the event loop. */
const gather = <E>(group: Group<E>): Effect.Effect<void> =>
  Effect.suspend(() => {
    const before = group.members.length
    return Effect.flatMap(Effect.yieldNow, () => (group.members.length > before ? gather(group) : Effect.void))
  })
