/** One record of a plugin's log: a line of its stderr. Every other line there is plain text. */
import * as Schema from "effect/Schema"
import { OperationId } from "./Identity.ts"
import { LogLevel } from "./Settings.ts"

/** The longest line of a log, in bytes, without its newline. Longer lines are cut. */
export const logLineCapBytes = 64 * 1024

/** A record, as the JSON object that stands on one line of stderr. */
export class LogRecord extends Schema.Opaque<LogRecord>()(
  Schema.Struct({
    /** The version of this shape. It tells a record from other JSON that a program may print. */
    _log: Schema.Literal(1),
    /** How important it is. */
    level: LogLevel,
    /** What happened, for people. */
    message: Schema.String,
    /** The operation that the record belongs to, if any. */
    operationId: Schema.optionalKey(OperationId),
    /** Further values, by name. */
    annotations: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
  }),
) {}
