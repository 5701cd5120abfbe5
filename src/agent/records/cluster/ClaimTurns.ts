/** How one claim of a shared state is made, waits for its turn, and ends. */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { ClaimSet } from "../ClaimQueue.ts"
import type { Claimant, ClaimOptions } from "../Claimed.ts"
import type { StateError } from "../StateError.ts"
import { StateInUse } from "../StateInUse.ts"
import { StateTaken } from "../StateTaken.ts"
import { type Blocker, makeClaimRows } from "./ClaimRows.ts"
import { Holders } from "./Holders.ts"

/** A claim is not granted yet. */
class Blocked extends Data.TaggedError("Blocked")<{ readonly by: Blocker }> {}

/** Another agent says nothing when it frees something: a claim that waits looks again. */
const lookSchedule = Schedule.min([Schedule.exponential("50 millis", 1.5), Schedule.spaced("1 second")])

/** A claim that could not be ended stands in the way of others. */
const freeSchedule = Schedule.spaced("1 second")

/** One claim. Its id is known before it is written, so that it is ended whatever happens. */
export interface Request {
  readonly id: string
  readonly set: ClaimSet
}

export const makeClaimTurns = Effect.gen(function* () {
  const holders = yield* Holders
  const scope = yield* Effect.scope
  const sql = yield* SqlClient.SqlClient
  const rows = makeClaimRows(sql)
  const freed = makeWakeUp()

  /** Ends a claim, at once or as soon as the state can be written again. */
  const ended = (id: string, end: (id: string) => Effect.Effect<void, SqlError>) => {
    const once = Effect.andThen(sql.withTransaction(end(id)), freed.tell)
    return Effect.catch(once, (error) =>
      Effect.logWarning(`A claim is not ended yet: ${error.message}`).pipe(
        Effect.andThen(Effect.forkIn(Effect.retry(once, freeSchedule), scope)),
        Effect.asVoid,
      ),
    )
  }

  const inUse = ({ runner, since }: Blocker) =>
    new StateInUse(runner === holders.runner ? { pid: process.pid, since, isThisAgent: true } : { runner, since })

  const lookOnce = (id: string) =>
    sql.withTransaction(
      Effect.flatMap(rows.look(id), (found): Effect.Effect<void, Blocked | StateTaken> => {
        if (found === undefined) return Effect.void
        // Its holding was taken over meanwhile.
        return Effect.fail(found === "Gone" ? new StateTaken({}) : new Blocked({ by: found }))
      }),
    )

  /** The wait has ended. It says what it waited for last. */
  const refuse = (id: string): Effect.Effect<never, StateError> =>
    lookOnce(id).pipe(
      Effect.andThen(Effect.fail(new StateInUse({ isThisAgent: true }))),
      Effect.catchTag("Blocked", ({ by }) => Effect.fail(inUse(by))),
    )

  /** Looks again as soon as a command of this agent frees something. */
  const untilGranted = Effect.fnUntraced(function* (id: string): Effect.fn.Return<void, SqlError | StateTaken> {
    while (true) {
      // Taken before the rows are read, so that nothing is missed in between.
      const woken = freed.next()
      const looking = Effect.retry(lookOnce(id), {
        schedule: lookSchedule,
        while: (error) => error._tag === "Blocked",
      }).pipe(
        Effect.catchTag("Blocked", () => Effect.never),
        Effect.as(true),
      )
      if (yield* Effect.raceFirst(looking, Effect.as(woken, false))) return
    }
  })

  const take = Effect.fnUntraced(function* (
    { id, set }: Request,
    { aroundWait = (_, wait) => wait, claimant, stopWhen = Effect.never, whenInUse = "wait" }: ClaimOptions,
  ): Effect.fn.Return<void, StateError> {
    const holder = yield* holders.current
    const since = yield* Clock.currentTimeMillis
    const { command = null, commandId = null, forma = null } = claimant ?? {}
    const row = { id, runner: holders.runner, commandId, command, forma, since }
    const blocker = yield* sql.withTransaction(
      Effect.gen(function* () {
        yield* holders.check(holder)
        const found = yield* rows.enter(row, holder, set)
        // What was refused is not in the way of others.
        if (found !== undefined && whenInUse === "refuse") return yield* inUse(found)
        return found
      }),
    )
    if (blocker === undefined) return
    const turn = Effect.raceFirst(untilGranted(id), Effect.andThen(stopWhen, refuse(id)))
    yield* aroundWait(claimantOf(blocker), turn)
  })

  /** Writes a claim, and waits until it is granted. Where it is not, nothing of it stays. */
  const enter = (request: Request, options: ClaimOptions): Effect.Effect<void, StateError> =>
    Effect.onError(take(request, options), () => withdraw(request))
  /** For a claim under which nothing was changed. */
  const withdraw = ({ id }: Request) => ended(id, rows.withdraw)
  const free = ({ id }: Request) => ended(id, rows.free)
  return { enter, free, rows, withdraw }
})

const claimantOf = ({ command, commandId, forma }: Blocker): Claimant | undefined =>
  commandId === null || command === null || forma === null ? undefined : { commandId, command, forma }

/** Wakes those of this agent that wait for something to be freed. */
const makeWakeUp = () => {
  let waiting = Deferred.makeUnsafe<void>()
  return {
    /** Completes when something is freed from now on. */
    next: (): Effect.Effect<void> => Deferred.await(waiting),
    tell: Effect.sync(() => {
      const before = waiting
      waiting = Deferred.makeUnsafe()
      Deferred.doneUnsafe(before, Exit.void)
    }),
  }
}
