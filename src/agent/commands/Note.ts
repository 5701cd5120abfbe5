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
  /** A command has ended, and has left operations open, which can be resumed. */
  LeftOpen: { forma: Schema.String, labels: Schema.Array(Schema.String) },
  /** A row of the journal cannot be read, so something else may be unfinished. */
  JournalDamaged: { error: CommandError },
  /** A command that was cut off or canceled cannot be resumed now. Without `command`, it is what an ended one has left open. */
  NotResumed: { forma: Schema.String, command: Schema.optionalKey(JournaledCommand), error: CommandError },
})
export type Note = typeof Note.Type

/** A note in words. */
export const describeNote = (note: Note): string => {
  switch (note._tag) {
    case "NameUnknown":
      return `the document ${note.forma} has no resources; the inventory has resources of: ${note.known.join(", ")}`
    case "Unfinished":
      return `the ${note.command} of ${note.forma}, started at ${new Date(note.startedAt).toISOString()}, was ${note.how} and can be resumed`
    case "LeftOpen": {
      const operations = note.labels.length === 1 ? "an operation" : "operations"
      return `${operations} of ${note.forma} on ${note.labels.join(", ")}, left open by an earlier command, can be resumed`
    }
    case "JournalDamaged":
      return `it is not known whether more is unfinished: ${oneLine(note.error.message)}`
    case "NotResumed":
      return `cannot resume the ${note.command ?? "operations"} of ${note.forma} now: ${oneLine(note.error.message)}`
  }
}

const oneLine = (message: string): string => message.replaceAll(/\s*\n\s*/g, " ")
