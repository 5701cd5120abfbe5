/** What else is worth knowing about a command. */
import * as Schema from "effect/Schema"
import { JournaledCommand } from "../records/CommandJournal.ts"
import { CommandError } from "./CommandError.ts"

/** A command of the journal. */
const journaled = {
  /** Identifies the command. */
  commandId: Schema.String,
  /** What it was asked to do. */
  command: JournaledCommand,
  /** The name of the forma. */
  forma: Schema.String,
}

/** An intersection, because a spread would lose the comments. */
const ofCommand = <Fields>(fields: Fields): typeof journaled & Fields => ({ ...journaled, ...fields })

/**
 * Something that is worth knowing about a command, besides its result.
 *
 * - `NameUnknown`: the forma has no resources, but others have: its name may be
 *   a mistake.
 * - `Unfinished`: a command was cut off or canceled, and can be resumed.
 * - `Resumed`: a command that had been cut off was resumed first.
 * - `NotResumed`: a command that was cut off or canceled cannot be resumed now.
 * - `Adopted`: in 0.1.0 the document had a name that was made of that of its
 *   file; its resources have its own name from now on.
 * - `Moved`: the document of this name was somewhere else before.
 * - `Converted`: the state was written by an earlier version, and is as this
 *   version needs it now.
 */
export const Note = Schema.TaggedUnion({
  NameUnknown: {
    /** The name that was given. */
    forma: Schema.String,
    /** The names of the formae that have resources. */
    known: Schema.Array(Schema.String),
  },
  Unfinished: ofCommand({
    /** In milliseconds since 1970. */
    startedAt: Schema.Finite,
    /** Whether its agent was cut off, or it was asked to stop. */
    how: Schema.Literals(["cut off", "canceled"]),
  }),
  Resumed: ofCommand({
    /** How it ended. */
    status: Schema.String,
    /** How many resources it was about. */
    resources: Schema.Int,
  }),
  NotResumed: ofCommand({
    /** Why. */
    error: CommandError,
  }),
  Adopted: {
    /** The name of its own. */
    forma: Schema.String,
    /** The name that 0.1.0 made of the name of its file. */
    earlierName: Schema.String,
  },
  Moved: {
    /** The name of the forma. */
    forma: Schema.String,
    /** Where it was before. Null where it had no file. */
    from: Schema.NullOr(Schema.String),
  },
  Converted: {
    /** The file with the state as it was before. */
    backup: Schema.String,
  },
})
export type Note = typeof Note.Type | never

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
