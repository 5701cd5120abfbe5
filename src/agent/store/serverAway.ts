/** The server of a state that cannot be reached now. */
import * as Predicate from "effect/Predicate"
import { isSqlError, type SqlError } from "effect/sql/SqlError"

/** The session was ended by the server: by an administrator, as it stops or starts, or because a transaction stood still. */
const endsSession = ["57P01", "57P02", "57P03", "57P05", "25P03"]

/** It has no connection left for now, or is a standby, as the one is that becomes the primary in a moment. */
const refusesForNow = ["53300", "25006"]

const passing: ReadonlySet<unknown> = new Set([...endsSession, ...refusesForNow])

const codeOf = (cause: unknown): unknown => (Predicate.hasProperty(cause, "code") ? cause.code : undefined)

/** Whether a state could not be used because its server was not reached, or takes nothing for now. It may again. */
export const isServerAway = (error: unknown): error is SqlError =>
  isSqlError(error) && (error.reason._tag === "ConnectionError" || passing.has(codeOf(error.reason.cause)))

/** No error has more of them, one within another. */
const maxDepth = 8

/** Whether that is the cause of an error, or the cause of its cause. */
export const isOfServerAway = (error: unknown): boolean => {
  let found = error
  for (let depth = 0; depth < maxDepth; depth++) {
    if (isServerAway(found)) return true
    if (!Predicate.hasProperty(found, "cause")) return false
    found = found.cause
  }
  return false
}
