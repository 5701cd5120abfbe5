/** What a command has done or would do: the shape of `--json`, and what a host application receives. */
import * as Schema from "effect/Schema"
import { ResourceResult, Status } from "../apply/ResourceResult.ts"

/** The commands that have a result. */
export const CommandName = Schema.Literals(["apply", "plan", "destroy", "inventory", "resume", "adopt", "forget"])
export type CommandName = typeof CommandName.Type | never

/** Why a command did nothing. */
export class CommandError extends Schema.Opaque<CommandError>()(
  Schema.Struct({
    /** The tag of the error. */
    code: Schema.String,
    /** What happened, where, and what to do, for people. */
    message: Schema.String,
    /** The mistakes in the input, each with its place. Lines and columns count from 1. */
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
  }),
) {}

/** The result of a command. */
export class CommandResult extends Schema.Opaque<CommandResult>()(
  Schema.Struct({
    /** Which command it was. */
    command: CommandName,
    /** `refused`: the command did nothing; `error` says why. */
    status: Schema.Literals([...Status.literals, "refused"]),
    /** One entry for each resource that the command is about. */
    resources: Schema.Array(ResourceResult),
    /** Why the command did nothing. Present if it was refused. */
    error: Schema.optionalKey(CommandError),
    /** What else is worth knowing, one sentence per line. */
    note: Schema.optionalKey(Schema.String),
  }),
) {}

/** The result of a command that was not refused. Its status follows from those of its resources. */
export const makeCommandResult = (command: CommandName, resources: ReadonlyArray<ResourceResult>): CommandResult => ({
  command,
  status: statusOf(command, resources),
  resources,
})

/** Adds notes to a result. */
export const withNotes = (result: CommandResult, notes: ReadonlyArray<string>): CommandResult =>
  notes.length === 0 ? result : { ...result, note: notes.join("\n") }

const statusOf = (command: CommandName, resources: ReadonlyArray<ResourceResult>): CommandResult["status"] => {
  if (resources.some(({ status }) => status === "failed")) return "failed"
  if (resources.some(({ status }) => status === "canceled")) return "canceled"
  return command === "plan" ? "planned" : "succeeded"
}
