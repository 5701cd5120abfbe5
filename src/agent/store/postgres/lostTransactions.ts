/** Transactions whose connection is lost. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { SqlClient } from "effect/sql/SqlClient"
import { isServerAway } from "../serverAway.ts"

const lossIn = (cause: Cause.Cause<unknown>) =>
  cause.reasons
    .filter(Cause.isDieReason)
    .map(({ defect }) => defect)
    .find(isServerAway)

/**
 * Lets a transaction that cannot be rolled back, because its connection is gone,
 * end as what has run in it did: a server rolls back what it has lost by itself.
 * The engine makes a defect of it, and of that with which it has ended.
 */
export const endLostTransactions = (client: SqlClient): SqlClient => {
  const { withTransaction } = client
  const ending: SqlClient["withTransaction"] = <R, E, A>(work: Effect.Effect<A, E, R>) =>
    Effect.suspend(() => {
      let ended: Exit.Exit<A, E> | undefined
      const seen = Effect.onExit(work, (exit) => Effect.sync(() => void (ended = exit)))
      return Effect.catchCause(withTransaction(seen), (cause) => {
        const loss = lossIn(cause)
        if (loss === undefined) return Effect.failCause(cause)
        return ended !== undefined && Exit.isFailure(ended) ? ended : Effect.fail(loss)
      })
    })
  return Object.assign(client, { withTransaction: ending })
}
