/** What the log of an agent that stays has: events with numbers, as data without secrets. */
import * as Schema from "effect/Schema"
import { ChangeEvent } from "../apply/ChangeEvent.ts"
import { PluginEvent } from "../supervision/PluginEvent.ts"

/** Inferred from the schemas, the types would be written out instead of named. */
const NamedChange: Schema.Codec<ChangeEvent, typeof ChangeEvent.Encoded> = ChangeEvent
const NamedPlugin: Schema.Codec<PluginEvent, typeof PluginEvent.Encoded> = PluginEvent

/** How a command ended. `refused`: it began no change. `left`: its agent was stopped, and the next one continues it. */
export const CommandEnding = Schema.Literals(["succeeded", "failed", "canceled", "refused", "left"])
export type CommandEnding = typeof CommandEnding.Type | never

/**
 * One event of an agent.
 *
 * - `Change`: an event of a command.
 * - `Ended`: a command has ended. It is the last event of the command, unless it
 *   is resumed later.
 * - `Plugin`: an event of the supervision of a plugin.
 * - `Drift`: a sync has found that a resource is not as it was wanted, or is so
 *   again. It has places and no values.
 * - `Configuration`: a setting was changed while the agent ran.
 * - `Gone`: earlier events are no longer kept. It is not in the log: it is what a
 *   reader gets in their place.
 * - `Unreadable`: what a reader gets in the place of an event that is damaged.
 */
export const LoggedEvent = Schema.TaggedUnion({
  Change: {
    /** What has happened. */
    event: NamedChange,
  },
  Ended: {
    /** Identifies the command. */
    commandId: Schema.String,
    /** The name of its forma. Empty in a command on all of them. */
    forma: Schema.String,
    /** How it ended. */
    ending: CommandEnding,
  },
  Plugin: {
    /** What has happened. */
    event: NamedPlugin,
  },
  Drift: {
    /** The name of the forma of the resource. */
    forma: Schema.String,
    /** The label of the resource. */
    label: Schema.String,
    /** Its type. */
    type: Schema.String,
    /** The places that differ since now, as JSON Pointers into the properties. One that is empty is the whole resource, which is gone. */
    appeared: Schema.Array(Schema.String),
    /** The places that differ no longer. */
    ended: Schema.Array(Schema.String),
  },
  Configuration: {
    /** Which setting, as its path in the configuration. */
    what: Schema.String,
    /** Its value before, in words. Null where it had none. Secrets are masked. */
    from: Schema.NullOr(Schema.String),
    /** Its value now, in words. Null where it has none. */
    to: Schema.NullOr(Schema.String),
    /** By what it was changed, such as a signal or the name of a file. */
    by: Schema.String,
  },
  Gone: {
    /** The number of the first event that is kept. */
    before: Schema.Int,
  },
  Unreadable: {
    /** What is wrong with it. */
    reason: Schema.String,
  },
})
export type LoggedEvent = typeof LoggedEvent.Type | never

/** What can be logged: all but what only a reader of the log is told. */
export type LoggableEvent = Exclude<LoggedEvent, { _tag: "Gone" | "Unreadable" }> | never

/** An event that is going to be logged. */
export interface EventToLog {
  /** What has happened. */
  readonly event: LoggableEvent
  /** The key of the request that has asked for its command. */
  readonly request?: string | undefined
}

const NamedLogged: Schema.Codec<LoggedEvent, typeof LoggedEvent.Encoded> = LoggedEvent

/** An event of the log. */
export class NumberedEvent extends Schema.Opaque<NumberedEvent>()(
  Schema.Struct({
    /** Each event of a state has the number after that of the one before it. */
    number: Schema.Int,
    /** When it was logged, in milliseconds since 1970. */
    at: Schema.Finite,
    /** The command that it is about. Null where it is about none. */
    commandId: Schema.NullOr(Schema.String),
    /** The key of the request that has asked for that command. Null where it was not asked for over the API. */
    request: Schema.NullOr(Schema.String),
    /** What has happened. */
    event: NamedLogged,
  }),
) {}

/** The command that an event is about. */
export const commandOf = (event: LoggedEvent): string | null => {
  if (event._tag === "Ended") return event.commandId
  return event._tag === "Change" ? event.event.commandId : null
}
