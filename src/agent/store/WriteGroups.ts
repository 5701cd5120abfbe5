/** Which writes wait at the same moment, and so are made together. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { SqlError } from "effect/sql/SqlError"
import type { Gained } from "./gainedServices.ts"

/** One write of a group. */
export interface Member<E> {
  /** Its turn to write. It has what the fiber of the group knows only inside of its transaction. */
  readonly turn: Deferred.Deferred<Gained, E>
  readonly ended: Deferred.Deferred<void>
  hasLeft: boolean
  hasWritten: boolean
}

export interface Group<E> {
  readonly members: Array<Member<E>>
  /** How many members were not interrupted. */
  waiting: number
  /** The COMMIT has returned, or the transaction was rolled back. */
  readonly done: Deferred.Deferred<void, E>
  /** What the database said of the first write that it refused. */
  refused?: SqlError | undefined
  fiber?: Fiber.Fiber<void>
}

export interface WriteGroups<E> {
  /** Becomes a member of the group that gathers now, or of a new one. */
  readonly join: Effect.Effect<{ readonly group: Group<E>; readonly member: Member<E> }>
  /** A member was interrupted. A group that nobody waits for is interrupted too. */
  readonly leave: (group: Group<E>) => Effect.Effect<void>
  /** No write becomes a member any more. */
  readonly close: (group: Group<E>) => void
}

/** `commit` makes the writes of a group. When it fails, all of them do. */
export const makeWriteGroups = <E>(commit: (group: Group<E>) => Effect.Effect<void, E>): WriteGroups<E> => {
  let gathering: Group<E> | undefined

  const close = (group: Group<E>): void => {
    if (gathering === group) gathering = undefined
  }
  const settle = (group: Group<E>, exit: Exit.Exit<void, E>): void => {
    close(group)
    if (Exit.isFailure(exit))
      for (const { turn } of group.members) Deferred.doneUnsafe(turn, Exit.failCause(exit.cause))
    Deferred.doneUnsafe(group.done, exit)
  }
  const run = (group: Group<E>): Effect.Effect<void> =>
    Effect.andThen(gather(group), commit(group)).pipe(
      Effect.onExit((exit) => Effect.sync(() => settle(group, exit))),
      Effect.exit,
      Effect.asVoid,
    )

  return {
    close,
    join: Effect.suspend(() => {
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
      // A fiber of its own, because the first of them may be interrupted, and the others not.
      return Effect.map(Effect.forkDetach(run(group)), (fiber) => {
        group.fiber = fiber
        return { group, member }
      })
    }),
    leave: (group) =>
      Effect.sync(() => {
        group.waiting -= 1
        if (group.waiting > 0) return
        close(group)
        group.fiber?.interruptUnsafe()
      }),
  }
}

/** Waits for as long as more writes come in each turn of the event loop. */
const gather = <E>(group: Group<E>): Effect.Effect<void> =>
  Effect.suspend(() => {
    const before = group.members.length
    return Effect.flatMap(Effect.yieldNow, () => (group.members.length > before ? gather(group) : Effect.void))
  })
