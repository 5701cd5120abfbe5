/** Telemetry that waits to be written, within bounds: what comes too fast is counted and dropped. */
import { logLineCapBytes } from "../protocol/LogRecord.ts"
import type { ReportedSpan, TelemetryRecord } from "../protocol/TelemetryRecord.ts"

export interface TelemetryLines {
  readonly addSpan: (span: ReportedSpan) => void
  readonly addWait: (millis: number) => void
  /** Takes what waits, as lines within the length that a line may have. None if nothing waits. */
  readonly take: () => ReadonlyArray<string>
}

/** How many bytes of spans wait at most: four lines, each time that something is written. */
export const maxWaitingBytes = 4 * logLineCapBytes

/** What a line has beside its spans. */
const frameBytes = 256

/** How many spans a record may have. */
const spansOfLine = 256

export const makeTelemetryLines = (): TelemetryLines => {
  let spans: Array<{ readonly text: string; readonly bytes: number }> = []
  let waitingBytes = 0
  let droppedSpans = 0
  let count = 0
  let millis = 0

  const lineOf = (texts: ReadonlyArray<string>, rest: Omit<TelemetryRecord, "_telemetry" | "spans">): string => {
    const whole = JSON.stringify({ _telemetry: 1, ...rest } satisfies TelemetryRecord)
    return texts.length === 0 ? whole : `${whole.slice(0, -1)},"spans":[${texts.join(",")}]}`
  }

  return {
    addSpan: (span) => {
      const text = JSON.stringify(span)
      const bytes = Buffer.byteLength(text) + 1
      if (bytes > logLineCapBytes - frameBytes || waitingBytes + bytes > maxWaitingBytes) {
        droppedSpans += 1
        return
      }
      spans.push({ text, bytes })
      waitingBytes += bytes
    },
    addWait: (waited) => {
      count += 1
      millis += waited
    },
    take: () => {
      const rest = {
        ...(droppedSpans === 0 ? {} : { droppedSpans }),
        ...(count === 0 ? {} : { rateLimit: { count, millis } }),
      }
      const lines: Array<string> = []
      let texts: Array<string> = []
      let room = logLineCapBytes - frameBytes
      const end = () => {
        lines.push(lineOf(texts, lines.length === 0 ? rest : {}))
        texts = []
        room = logLineCapBytes - frameBytes
      }
      for (const { bytes, text } of spans) {
        if (bytes > room || texts.length === spansOfLine) end()
        texts.push(text)
        room -= bytes
      }
      if (texts.length > 0 || (lines.length === 0 && Object.keys(rest).length > 0)) end()
      spans = []
      waitingBytes = droppedSpans = count = millis = 0
      return lines
    },
  }
}
