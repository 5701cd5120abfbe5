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
    case "NotResumed":
      return `cannot resume the ${note.command} of ${note.forma} now: ${note.error.message}`
  }
}
