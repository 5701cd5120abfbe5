/** Keeps agents of their own away from the state of a cluster, and runners from a state that one agent holds alone. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { endAlone } from "../agent/records/OwnershipRow.ts"
import { isForAMoment, StateHolder } from "../agent/store/StateHolder.ts"
import { lockKey } from "../agent/store/postgres/PostgresLock.ts"
import { formatTime } from "../protocol/formatTime.ts"
import { logWaiting } from "./runnerLog.ts"

/** An agent or a command holds the state alone. */
export class HeldAlone extends Data.TaggedError("HeldAlone")<{ readonly holder: StateHolder | undefined }> {
  override get message(): string {
    const { holder } = this
    const who =
      holder === undefined
        ? "An agent or a command"
        : `A formae (pid ${holder.pid} on ${holder.host}, since ${formatTime(holder.since)})`
    return `${who} holds the state alone. Stop it, or wait for its end, and start the runner again`
  }
}

/** The runners that are there keep what they have for another time, so each would take for free what the other one has. */
export class OtherTimes extends Data.TaggedError("OtherTimes")<{
  readonly expirationMillis: number
  readonly others: ReadonlyArray<number>
}> {
  override get message(): string {
    const { expirationMillis, others } = this
    const theirs = others.map((millis) => `${millis / 1_000} s`).join(" and ")
    return `The runners of the cluster keep their documents for ${theirs} without a sign of life, and this one for ${expirationMillis / 1_000} s. Give all of them the same FORMAE_CLUSTER_TIMES`
  }
}

/** How long one is waited for that has the state for a moment, such as a command that only writes down what it has read. */
const momentSchedule = Schedule.upTo(Schedule.spaced("100 millis"), { duration: "2 seconds" })

/** How often it is looked whether the session of the lock is still there. */
const lookMillis = 5_000

/** Beside this number, each runner locks the time for which it keeps what it has. */
const timesKey = "hashtext('formae times ' || current_schema())"

/** The times of runners, in milliseconds: each has locked its own before it looks. */
const timesOf = `
  SELECT DISTINCT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid::bigint = ${timesKey}::bigint & 4294967295`

/** No integers of 64 bits: this client reads them exactly. */
const holderAlone = `
  SELECT owner, kind, pid, host, process_start AS start, since::float8 AS since
  FROM state_ownership WHERE id = 1 AND owner IS NOT NULL`

/** Completes when the session is gone: the server was restarted, or is out of reach. */
const holdOnce = Effect.fnUntraced(function* (expirationMillis: number) {
  const sql = yield* SqlClient
  const session = yield* sql.reserve
  const [row] = yield* session.executeValues(`SELECT pg_try_advisory_lock_shared(${lockKey})`, [])
  if (row?.[0] !== true) {
    const [holder] = yield* Effect.orDie(decodeHolders(yield* sql.unsafe(holderAlone)))
    return yield* new HeldAlone({ holder })
  }
  yield* Effect.addFinalizer(() =>
    Effect.ignore(
      session.executeValues(
        `SELECT pg_advisory_unlock_shared(${lockKey}), pg_advisory_unlock_shared(${timesKey}, ${expirationMillis})`,
        [],
      ),
    ),
  )
  yield* session.executeValues(`SELECT pg_advisory_lock_shared(${timesKey}, ${expirationMillis})`, [])
  const times = (yield* session.executeValues(timesOf, [])).map(([millis]) => Number(millis))
  const others = times.filter((millis) => millis !== expirationMillis)
  if (others.length > 0) return yield* new OtherTimes({ expirationMillis, others })
  // An agent whose session was lost does not know it, and would write beside the runners.
  yield* endAlone(sql)
  return session
    .executeValues("SELECT 1", [])
    .pipe(Effect.repeat(Schedule.spaced(lookMillis)), Effect.exit, Effect.asVoid)
})

const decodeHolders = Schema.decodeUnknownEffect(Schema.Array(StateHolder))

/** Shares the lock for as long as the layer is there. Fails where one holds it alone, or others have other times. */
export const layerSharedLock = (
  expirationMillis: number,
): Layer.Layer<never, HeldAlone | OtherTimes | SqlError, SqlClient> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const ofLayer = yield* Effect.scope
      /** A try that fails keeps no session: there are few of them. */
      const holding = Effect.gen(function* () {
        const scope = yield* Scope.fork(ofLayer)
        return yield* Effect.onError(Scope.provide(holdOnce(expirationMillis), scope), () =>
          Scope.close(scope, Exit.void),
        )
      })
      const gone = yield* Effect.retry(holding, {
        schedule: momentSchedule,
        while: (error) => error._tag === "HeldAlone" && isForAMoment(error.holder),
      })
      const again = Effect.scoped(Effect.flatten(holdOnce(expirationMillis))).pipe(
        // Nobody writes beside an agent that has come in between: the holdings of runners say so.
        Effect.catch((error) => logWaiting("The state is not marked as shared", error)),
        Effect.andThen(Effect.sleep(lookMillis)),
        Effect.forever,
      )
      yield* Effect.forkScoped(Effect.andThen(gone, again))
    }),
  )
