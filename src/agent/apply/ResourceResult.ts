/** What came of one resource in a command. */
import * as Schema from "effect/Schema"
import { ChangeError, ChangeOperation } from "../plan/Change.ts"
import { Crash } from "../records/JournalEntry.ts"

/** `planned` is what a plan says of a change that it has not made. */
export const Status = Schema.Literals(["succeeded", "failed", "canceled", "planned"])
export type Status = typeof Status.Type

export const ResourceResult = Schema.Struct({
  label: Schema.String,
  type: Schema.String,
  operation: ChangeOperation,
  status: Status,
  /** Null where there is none, or none yet. */
  nativeId: Schema.NullOr(Schema.String),
  /** How often the operation was sent to the provider, retries included. */
  attempts: Schema.Int,
  /** The losses of its plugin that the operation lived through, in their order; `at` is in milliseconds since 1970. */
  crashes: Schema.Array(Crash),
  durationMillis: Schema.Int,
  error: Schema.NullOr(ChangeError),
  /** Why: the properties that differ, in an update or a replace. */
  changed: Schema.Array(Schema.String),
  /** The forma that wants it, where a command tells of several. */
  forma: Schema.optionalKey(Schema.String),
})
export type ResourceResult = typeof ResourceResult.Type
