/** What a command was asked to do, and how it ended. */
import * as Schema from "effect/Schema"

/** The commands that change resources. */
export const JournaledCommand = Schema.Literals(["apply", "destroy"])
export type JournaledCommand = typeof JournaledCommand.Type | never

/** The commands that the journal lists. An import changes no provider, and is there once it has ended. */
export const RecordedCommand = Schema.Literals([...JournaledCommand.literals, "import"])
export type RecordedCommand = typeof RecordedCommand.Type | never

/** A command that is `running` although no process runs it was cut off. One that is `superseded` was replaced by a later command of its forma. */
export const CommandStatus = Schema.Literals(["running", "succeeded", "failed", "canceled", "superseded"])
export type CommandStatus = typeof CommandStatus.Type | never
