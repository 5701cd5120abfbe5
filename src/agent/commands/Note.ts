/** What else is worth knowing about a command. */
import * as Schema from "effect/Schema"
import { formatTime } from "../../protocol/formatTime.ts"
import { JournaledCommand } from "../records/CommandStatus.ts"
import { NamedTwice } from "../store/StateConversion.ts"
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
 * - `LeftOpen`: a command has ended, and has left operations open, which can be
 *   resumed.
 * - `Unsettled`: creates are open of which only a human can find out whether they
 *   have made something. The inventory does not have what they made.
 * - `JournalDamaged`: a row of the journal cannot be read, so something else may
 *   be unfinished.
 * - `NotResumed`: a command that was cut off or canceled cannot be resumed now.
 * - `Adopted`: in 0.1.0 the document had a name that was made of that of its
 *   file; its resources have its own name from now on.
 * - `Moved`: the document of this name was somewhere else before.
 * - `OutputsWithoutValue`: an apply has ended well, and outputs of its document
 *   have no value. The state does not keep those that they had before.
 * - `OutputsLeft`: an apply was limited to some resources, and outputs refer to
 *   others. They are as the last apply gave them.
 * - `LeftOut`: a sync has not read or not recorded resources, because a command
 *   was working on them, or has left an operation on them open.
 * - `Repaired`: drift of these resources was set back, as their document wants it.
 * - `NotRepaired`: their document wants that, and it cannot be done now.
 * - `NotSynced`: no sync has read these resources since they were last changed.
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
  LeftOpen: {
    /** The name of the forma. */
    forma: Schema.String,
    /** The labels of the resources whose operations have not ended. */
    labels: Schema.Array(Schema.String),
  },
  Unsettled: {
    /** The name of the forma. */
    forma: Schema.String,
    /** The labels of the resources. */
    labels: Schema.Array(Schema.String),
  },
  JournalDamaged: {
    /** Which row cannot be read, and why. */
    error: CommandError,
  },
  NotResumed: {
    /** The name of the forma. */
    forma: Schema.String,
    /** What the command was asked to do. Left out for what an ended command has left open. */
    command: Schema.optionalKey(JournaledCommand),
    /** Why. */
    error: CommandError,
  },
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
  OutputsWithoutValue: {
    /** The name of the forma. */
    forma: Schema.String,
    /** The names of the outputs. */
    names: Schema.Array(Schema.String),
  },
  OutputsLeft: {
    /** The name of the forma. */
    forma: Schema.String,
    /** The names of the outputs. */
    names: Schema.Array(Schema.String),
  },
  LeftOut: {
    /** The name of the forma. */
    forma: Schema.String,
    /** The labels of the resources. */
    labels: Schema.Array(Schema.String),
  },
  Repaired: {
    /** The name of the forma. */
    forma: Schema.String,
    /** The labels of the resources. */
    labels: Schema.Array(Schema.String),
  },
  NotRepaired: {
    /** The name of the forma. */
    forma: Schema.String,
    /** The labels of the resources. */
    labels: Schema.Array(Schema.String),
    /** Why. */
    error: CommandError,
  },
  NotSynced: {
    /** The name of the forma. */
    forma: Schema.String,
    /** The labels of the resources. */
    labels: Schema.Array(Schema.String),
  },
  Converted: {
    /** The file with the state as it was before. */
    backup: Schema.String,
    /** Native ids that several labels have: one thing, or several in different places. */
    namedTwice: Schema.Array(NamedTwice),
  },
})
export type Note = typeof Note.Type | never

/** A note in words. */
export const describeNote = (note: Note): string => {
  switch (note._tag) {
    case "NameUnknown":
      return `the state has no resources of a document ${note.forma}; it has resources of: ${note.known.join(", ")}`
    case "Unfinished":
      return `the ${note.command} of ${note.forma}, started at ${formatTime(note.startedAt)}, was ${note.how} and can be resumed`
    case "LeftOpen": {
      const operations = note.labels.length === 1 ? "an operation" : "operations"
      return `${operations} of ${note.forma} on ${note.labels.join(", ")}, left open by an earlier command, can be resumed`
    }
    case "Unsettled": {
      const creates = note.labels.length === 1 ? "a create" : "creates"
      return `it is not known whether ${creates} of ${note.forma} made something: ${note.labels.join(", ")}. Look for it at the provider`
    }
    case "JournalDamaged":
      return `it is not known whether more is unfinished: ${oneLine(note.error.message)}`
    case "Adopted":
      return `the resources of ${note.earlierName}, as formae 0.1.0 called the document, are those of ${note.forma}`
    case "Moved":
      return `the document ${note.forma} was ${note.from === null ? "not in a file" : note.from} before`
    case "OutputsWithoutValue":
      return describeEmpty(note.forma, note.names)
    case "OutputsLeft":
      return note.names.length === 1
        ? `an output of ${note.forma} refers to resources that were left out, and stays as it was: ${note.names.join()}`
        : `outputs of ${note.forma} refer to resources that were left out, and stay as they were: ${note.names.join(", ")}`
    case "LeftOut":
      return `left out of ${note.forma}, because a command is changing it or has left an operation open: ${manyLabels(note.labels)}`
    case "Repaired":
      return `set back in ${note.forma}: ${manyLabels(note.labels)}`
    case "NotRepaired":
      return `not set back in ${note.forma}: ${manyLabels(note.labels)}: ${oneLine(note.error.message)}`
    case "NotSynced":
      return `not read since it was last changed, of ${note.forma}: ${manyLabels(note.labels)}`
    case "Converted":
      return `the state file was written by an earlier version of formae and was converted for this one; ${note.backup} is a copy from before${describeTwice(note.namedTwice)}`
    case "NotResumed":
      return `cannot resume the ${note.command ?? "operations"} of ${note.forma} now: ${oneLine(note.error.message)}`
  }
}

const describeEmpty = (forma: string, names: ReadonlyArray<string>): string => {
  const wayOut =
    "refers to has no value, or one that does not fit into its text. Change what it refers to, or take it out of the document"
  return names.length === 1
    ? `an output of ${forma} has no value: ${names.join()}. Something that it ${wayOut}`
    : `outputs of ${forma} have no values: ${names.join(", ")}. Something that each ${wayOut}`
}

/** More than these are not told in words. */
const maxNamedTwice = 10
const maxLabels = 10

const manyLabels = (labels: ReadonlyArray<string>): string => {
  const more = labels.length - maxLabels
  return `${labels.slice(0, maxLabels).join(", ")}${more > 0 ? ` and ${more} more` : ""}`
}

const describeTwice = (found: ReadonlyArray<typeof NamedTwice.Type>): string => {
  if (found.length === 0) return ""
  const told = found
    .slice(0, maxNamedTwice)
    .map(({ nativeId, owners, type }) => `${type} ${nativeId} (${owners.join(", ")})`)
  if (found.length > told.length) told.push(`${found.length - told.length} more`)
  return `; more than one label has: ${told.join("; ")}. A plan says which of these are one thing, of which only one label may change it`
}

const oneLine = (message: string): string => message.replaceAll(/\s*\n\s*/g, " ")
