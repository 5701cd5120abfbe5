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
import { type Common, lockCommon, type OtherRunners, unlockCommon } from "./sameRunners.ts"

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

/** How long one is waited for that has the state for a moment, such as a command that only writes down what it has read. */
const momentSchedule = Schedule.upTo(Schedule.spaced("100 millis"), { duration: "2 seconds" })

/** How often it is looked whether the session of the lock is still there. */
const lookMillis = 5_000

/** No integers of 64 bits: this client reads them exactly. */
const holderAlone = `
  SELECT owner, kind, pid, host, process_start AS start, since::float8 AS since
  FROM state_ownership WHERE id = 1 AND owner IS NOT NULL`

/** Completes when the session is gone: the server was restarted, or is out of reach. */
const holdOnce = Effect.fnUntraced(function* (common: Common) {
  const sql = yield* SqlClient
  const session = yield* sql.reserve
  const [row] = yield* session.executeValues(`SELECT pg_try_advisory_lock_shared(${lockKey})`, [])
  if (row?.[0] !== true) {
    const [holder] = yield* Effect.orDie(decodeHolders(yield* sql.unsafe(holderAlone)))
    return yield* new HeldAlone({ holder })
  }
  yield* Effect.addFinalizer(() =>
    Effect.ignore(
      Effect.andThen(
        session.executeValues(`SELECT pg_advisory_unlock_shared(${lockKey})`, []),
        unlockCommon(session, common),
      ),
    ),
  )
  yield* lockCommon(session, common)
  // An agent whose session was lost does not know it, and would write beside the runners.
  yield* endAlone(sql)
  return session
    .executeValues("SELECT 1", [])
    .pipe(Effect.repeat(Schedule.spaced(lookMillis)), Effect.exit, Effect.asVoid)
})

const decodeHolders = Schema.decodeUnknownEffect(Schema.Array(StateHolder))

/** Shares the lock for as long as the layer is there. Fails where one holds it alone, or the other runners are not the same. */
export const layerSharedLock = (common: Common): Layer.Layer<never, HeldAlone | OtherRunners | SqlError, SqlClient> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const ofLayer = yield* Effect.scope
      /** A try that fails keeps no session: there are few of them. */
      const holding = Effect.gen(function* () {
        const scope = yield* Scope.fork(ofLayer)
        return yield* Effect.onError(Scope.provide(holdOnce(common), scope), () => Scope.close(scope, Exit.void))
      })
      const gone = yield* Effect.retry(holding, {
        schedule: momentSchedule,
        while: (error) => error._tag === "HeldAlone" && isForAMoment(error.holder),
      })
      const again = Effect.scoped(Effect.flatten(holdOnce(common))).pipe(
        // Nobody writes beside an agent that has come in between: the holdings of runners say so.
        Effect.catch((error) => logWaiting("The state is not marked as shared", error)),
        Effect.andThen(Effect.sleep(lookMillis)),
        Effect.forever,
      )
      yield* Effect.forkScoped(Effect.andThen(gone, again))
    }),
  )
