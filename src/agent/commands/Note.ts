/** What else is worth knowing about a command. */
import * as Schema from "effect/Schema"
import { JournaledCommand } from "../records/CommandJournal.ts"
import { CommandError } from "./CommandError.ts"

/** A command of the journal. */
const journaled = { commandId: Schema.String, command: JournaledCommand, forma: Schema.String }

export const Note = Schema.TaggedUnion({
  /** The forma has no resources, but others have: its name may be a mistake. */
  NameUnknown: { forma: Schema.String, known: Schema.Array(Schema.String) },
  /** A command was cut off or canceled, and can be resumed. */
  Unfinished: {
    ...journaled,
    /** In milliseconds since 1970. */
    startedAt: Schema.Finite,
    how: Schema.Literals(["cut off", "canceled"]),
  },
  /** A command that had been cut off was resumed first. */
  Resumed: { ...journaled, status: Schema.String, resources: Schema.Int },
  /** A command that was cut off or canceled cannot be resumed now. */
  NotResumed: { ...journaled, error: CommandError },
  /** In 0.1.0 the document had a name that was made of that of its file. Its resources have its own name from now on. */
  Adopted: { forma: Schema.String, earlierName: Schema.String },
  /** The document of this name was somewhere else before. `from` is null where it had no file. */
  Moved: { forma: Schema.String, from: Schema.NullOr(Schema.String) },
  /** The state was written by an earlier version, and is as this version needs it now. */
  Converted: {
    /** The file with the state as it was before. */
    backup: Schema.String,
  },
})
export type Note = typeof Note.Type

/** A note in words. */
export const describeNote = (note: Note): string => {
  switch (note._tag) {
    case "NameUnknown":
      return `the document ${note.forma} has no resources; the inventory has resources of: ${note.known.join(", ")}`
    case "Unfinished":
      return `the ${note.command} of ${note.forma}, started at ${new Date(note.startedAt).toISOString()}, was ${note.how} and can be resumed`
    case "Resumed":
      return `the ${note.command} of ${note.forma}, which had been cut off, was resumed: ${note.status}, ${note.resources} resources`
    case "Adopted":
      return `the resources of ${note.earlierName}, as formae 0.1.0 called the document, are those of ${note.forma}`
    case "Moved":
      return `the document ${note.forma} was ${note.from === null ? "not in a file" : note.from} before`
    case "Converted":
      return `the state file was written by an earlier version of formae and was converted for this one; ${note.backup} is a copy from before`
    case "NotResumed":
      return `cannot resume the ${note.command} of ${note.forma} now: ${note.error.message}`
  }
}
