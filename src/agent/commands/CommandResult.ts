/** What a command has done or would do: the shape of `--json`, and what a host application receives. */
import * as Schema from "effect/Schema"
import { ResourceResult, Status } from "../apply/ResourceResult.ts"
import { OnlyLabels } from "../plan/OnlyLabels.ts"
import { PropertyChange } from "../plan/PropertyChange.ts"
import { CommandError } from "./CommandError.ts"
import { ShownOutput } from "./OutputValues.ts"
import { describeNote, Note } from "./Note.ts"

/** The commands that have a result. */
export const CommandName = Schema.Literals([
  "apply",
  "plan",
  "destroy",
  "inventory",
  "resume",
  "adopt",
  "forget",
  "output",
  "mv",
  "sync",
  "drift",
  "import",
])
export type CommandName = typeof CommandName.Type | never

/** Inferred from the schema, the type would be written out instead of named. */
const NamedNote: Schema.Codec<Note, typeof Note.Encoded> = Note

const NamedOutput: Schema.Codec<ShownOutput, typeof ShownOutput.Encoded> = ShownOutput

/** The result of a command. */
export class CommandResult extends Schema.Opaque<CommandResult>()(
  Schema.Struct({
    /** Which command it was. */
    command: CommandName,
    /** `refused`: the command did nothing; `error` says why. */
    status: Schema.Literals([...Status.literals, "refused"]),
    /** One entry for each resource that the command is about. */
    resources: Schema.Array(ResourceResult),
    /** After an apply of a document with outputs: those that are known, by name. In `output` by `document.name`. */
    outputs: Schema.optionalKey(Schema.Record(Schema.String, NamedOutput)),
    /**
     * In a plan: the outputs that an apply makes new, changes or drops, each with
     * its name as the path. Left out where there is none.
     */
    outputChanges: Schema.optionalKey(Schema.Array(PropertyChange)),
    /** What the command was limited to. Left out where it was not. */
    only: Schema.optionalKey(OnlyLabels),
    /** After a sync: how many resources were read. Those that differ, or could not be read, are in `resources`. */
    read: Schema.optionalKey(Schema.Int),
    /** Why the command did nothing. Present if it was refused. */
    error: Schema.optionalKey(CommandError),
    /** What else is worth knowing, one sentence per line. */
    note: Schema.optionalKey(Schema.String),
    /** The same as `note`, as data. */
    notes: Schema.optionalKey(Schema.Array(NamedNote)),
  }),
) {}

/** The result of a command that was not refused. Its status follows from those of its resources. */
export const makeCommandResult = (command: CommandName, resources: ReadonlyArray<ResourceResult>): CommandResult => ({
  command,
  status: statusOf(command, resources),
  resources,
})

/** Adds to the result of a plan how it changes outputs, if it does. */
export const withOutputChanges = (
  result: CommandResult,
  outputChanges: ReadonlyArray<PropertyChange> = [],
): CommandResult => (outputChanges.length === 0 ? result : { ...result, outputChanges })

/** Adds to a result what its command was limited to, if it was. */
export const withOnly = (result: CommandResult, only: OnlyLabels | undefined): CommandResult =>
  only === undefined ? result : { ...result, only }

/** Adds notes to a result, after those that it has. */
export const withNotes = (result: CommandResult, more: ReadonlyArray<Note>): CommandResult => {
  const notes = [...(result.notes ?? []), ...more]
  return notes.length === 0 ? result : { ...result, note: notes.map(describeNote).join("\n"), notes }
}

const statusOf = (command: CommandName, resources: ReadonlyArray<ResourceResult>): CommandResult["status"] => {
  if (resources.some(({ status }) => status === "failed")) return "failed"
  if (resources.some(({ status }) => status === "canceled")) return "canceled"
  return command === "plan" ? "planned" : "succeeded"
}
