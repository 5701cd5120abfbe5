/** What a line that a plugin printed is: a record of its log, or text. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { LogRecord } from "../../protocol/LogRecord.ts"

/** A line in the form that the agent's own log takes. */
export type LogLine = Pick<LogRecord, "level" | "message" | "operationId"> & Required<Pick<LogRecord, "annotations">>

const decodeRecord = Schema.decodeUnknownOption(Schema.fromJsonString(LogRecord))

/** Most lines of text do not begin like a record, and then no parser is needed. */
const recordStart = /^\s*\{/

const textLine = (message: string): LogLine => ({ level: "Info", message, annotations: {} })

/** A line of stderr. What does not have the shape of a record is text. */
export const parseStderrLine = (line: string): LogLine => {
  if (!recordStart.test(line)) return textLine(line)
  return Option.match(decodeRecord(line), {
    onNone: () => textLine(line),
    onSome: ({ annotations = {}, level, message, operationId }) => ({
      level,
      message,
      annotations,
      ...(operationId === undefined ? {} : { operationId }),
    }),
  })
}

/** A line of stdout that is not a frame. It should not be there, so it is a warning. */
export const stdoutLine = (line: string): LogLine => ({
  level: "Warn",
  message: line,
  annotations: { source: "stdout" },
})
