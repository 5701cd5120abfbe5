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
 * Something that is worth knowing about a command, in addition to its result.
 *
 * - `NameUnknown`: the forma has no resources, but others have: its name may be
 *   a mistake.
 * - `Unfinished`: a command was cut off or canceled, and can be resumed.
 * - `Resumed`: a command that had been cut off was resumed first.
 * - `NotResumed`: a command that was cut off or canceled cannot be resumed now.
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
    case "NotResumed":
      return `cannot resume the ${note.command} of ${note.forma} now: ${note.error.message}`
  }
}
