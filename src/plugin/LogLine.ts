/** A record of the log as the line that is written, never longer than a line may be. */
import { logLineCapBytes, type LogRecord } from "../protocol/LogRecord.ts"

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** What stands at the end of a message that was cut. */
const cut = "… (cut)"

/**
 * A record that is too long keeps its level and the start of its message. What
 * it is annotated with goes only where that alone is most of a line.
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
    // In proportion: a character takes from one to six bytes.
    length = Math.floor((length * logLineCapBytes) / (bytes + cut.length))
  }
}
