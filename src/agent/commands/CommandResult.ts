/** What a command did, or would do: the one shape of `--json`, and the value that a host application gets. */
import * as Schema from "effect/Schema"
import { ResourceResult, Status } from "../apply/ResourceResult.ts"

export const CommandName = Schema.Literals(["apply", "plan", "destroy", "inventory", "resume", "adopt", "forget"])
export type CommandName = typeof CommandName.Type

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
