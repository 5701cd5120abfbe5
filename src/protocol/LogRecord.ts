/** One record of a plugin's log: a line of its stderr. Any other line there is text. */
import * as Schema from "effect/Schema"
import { OperationId } from "./Identity.ts"
import { LogLevel } from "./Settings.ts"

/** The longest line of a log, in bytes, without its newline. What is longer is cut. */
export const logLineCapBytes = 64 * 1024

export const LogRecord = Schema.Struct({
  /** What tells a record from other JSON that a program may print: the version of this shape. */
  _log: Schema.Literal(1),
  level: LogLevel,
  message: Schema.String,
  /** The operation that it was logged for, where there is one. */
  operationId: Schema.optionalKey(OperationId),
  annotations: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
})
export type LogRecord = typeof LogRecord.Type
