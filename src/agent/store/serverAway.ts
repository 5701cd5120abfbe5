/** The server of a state that cannot be reached now. */
import { isSqlError, type SqlError } from "effect/sql/SqlError"

/** Whether a state could not be used because its server was not reached. It may be reached again. */
export const isServerAway = (error: unknown): error is SqlError =>
  isSqlError(error) && error.reason._tag === "ConnectionError"
