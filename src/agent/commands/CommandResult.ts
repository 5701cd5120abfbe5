/** What a command did, or would do: the one shape of `--json`, and the value that a host application gets. */
import * as Schema from "effect/Schema"
import { Crash } from "../records/JournalEntry.ts"

export const ChangeOperation = Schema.Literals(["create", "update", "replace", "delete", "noop"])
export type ChangeOperation = typeof ChangeOperation.Type

export const CommandName = Schema.Literals(["apply", "plan", "destroy", "inventory", "resume", "adopt", "forget"])
export type CommandName = typeof CommandName.Type

/** `planned` is what a plan says of a change that it has not made. */
export const Status = Schema.Literals(["succeeded", "failed", "canceled", "planned"])
export type Status = typeof Status.Type

/** Why a change was not made. */
export const ChangeError = Schema.Struct({
  /** A provider's error code, or the name of the condition that came before it. */
  code: Schema.String,
  message: Schema.String,
})
export type ChangeError = typeof ChangeError.Type

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

/** Why a command did nothing. */
export const CommandError = Schema.Struct({
  code: Schema.String,
  message: Schema.String,
  /** What is wrong in what was given, each with its place. */
  issues: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        path: Schema.Array(Schema.Union([Schema.String, Schema.Int])),
        message: Schema.String,
        line: Schema.optionalKey(Schema.Int),
        column: Schema.optionalKey(Schema.Int),
      }),
    ),
  ),
})
export type CommandError = typeof CommandError.Type

export const CommandResult = Schema.Struct({
  command: CommandName,
  /** `refused` is what a command says that did nothing. */
  status: Schema.Literals([...Status.literals, "refused"]),
  resources: Schema.Array(ResourceResult),
  error: Schema.optionalKey(CommandError),
  /** What is worth knowing besides. */
  note: Schema.optionalKey(Schema.String),
})
export type CommandResult = typeof CommandResult.Type
