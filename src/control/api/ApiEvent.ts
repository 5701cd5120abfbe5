/** What happens in the agent, as data without secrets. */
import * as Schema from "effect/Schema"
import { versioned } from "./version.ts"

/**
 * One event. Its number grows by one from event to event of a state, and is the
 * `id` of the event in the stream. New kinds may be added: skip those that you
 * do not know.
 */
export class ApiEvent extends Schema.Opaque<ApiEvent>()(
  Schema.Struct({
    ...versioned,
    number: Schema.Int,
    /** In milliseconds since 1970. */
    at: Schema.Finite,
    /** What happened, such as `Began` or `Finished`. */
    kind: Schema.String,
    /** The command that it is part of. */
    commandId: Schema.optionalKey(Schema.String),
    /** The key of the request that has asked for the command. */
    request: Schema.optionalKey(Schema.String),
    /** The name of the forma that it is about. */
    forma: Schema.optionalKey(Schema.String),
    /** The other facts, by the kind. */
    data: Schema.Record(Schema.String, Schema.Json),
  }).annotate({ identifier: "Event" }),
) {}

/** An event as it is sent. */
export const ApiEventFrame = Schema.Struct({
  id: Schema.optional(Schema.String),
  event: Schema.String,
  data: Schema.fromJsonString(ApiEvent),
})
