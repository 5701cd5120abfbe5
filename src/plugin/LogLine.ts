/** A log record as the line that is written, within the length that a line may have. */
import { logLineCapBytes, type LogRecord } from "../protocol/LogRecord.ts"

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** The end of a message that was cut. */
const cut = "… (cut)"

/**
 * The line of a record. One that would be too long keeps its level and the start
 * of its message. It loses its annotations and its operation id only if they
 * alone take more than half of a line.
 */
export const lineOf = (record: LogRecord): string => {
  const whole = JSON.stringify(record)
  if (Buffer.byteLength(whole) <= logLineCapBytes) return whole
  const { _log, level, message, ...attached } = record
  const kept = bytesOf(attached) <= logLineCapBytes / 2 ? attached : {}
  let length = message.length
  while (true) {
    const line = JSON.stringify({ _log, level, message: message.slice(0, length) + cut, ...kept })
    const bytes = Buffer.byteLength(line)
    if (bytes <= logLineCapBytes) return line
    // Shortened in proportion, because a character takes one to six bytes.
    length = Math.floor((length * logLineCapBytes) / (bytes + cut.length))
  }
}
