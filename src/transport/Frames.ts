/** Reads the lines of a byte stream as frames, and passes everything else to `onJunk`. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { looksLikeFrame, type Parsed } from "./Envelope.ts"
import { type FramedLine, makeLineFramer } from "./LineFramer.ts"

/** The largest frame, in bytes. A larger one is refused before it is sent, and ends the connection if it is received. */
export const frameCapBytes = 16 * 1024 * 1024

/** Whether a frame may be sent. A UTF-16 unit takes at most three bytes, so most frames need no counting. */
export const fitsFrame = (frame: string): boolean =>
  frame.length * 3 <= frameCapBytes || Buffer.byteLength(frame) <= frameCapBytes

/** How much of a junk line is kept, in characters. */
const junkCap = 64 * 1024

/** A frame was too large to read. The connection has to end, because the caller that waits for it would wait forever. */
export interface FrameTooLarge {
  readonly _tag: "FrameTooLarge"
  readonly capBytes: number
}

/** How the lines of a stream are read. */
export interface FrameReader<Frame> {
  readonly parse: (line: string) => Parsed<Frame>
  readonly onFrame: (frame: Frame) => Effect.Effect<void>
  /** Called with each line that is not a frame. It belongs in the log. */
  readonly onJunk: (line: string) => Effect.Effect<void>
  /** The largest frame, in bytes. `frameCapBytes` by default. */
  readonly capBytes?: number
}

/** Reads until the stream ends. A bad line is junk and does not affect the lines around it. Fails at a frame that is too large. */
export const readFrames = <Frame, E>(
  bytes: Stream.Stream<Uint8Array, E>,
  reader: FrameReader<Frame>,
): Effect.Effect<void, E | FrameTooLarge> => {
  const capBytes = reader.capBytes ?? frameCapBytes
  const framer = makeLineFramer(capBytes, looksLikeFrame)

  const onLine = (text: string): Effect.Effect<void> => {
    const parsed = reader.parse(text)
    return parsed._tag === "Frame" ? reader.onFrame(parsed.frame) : reader.onJunk(text.slice(0, junkCap))
  }

  const onFramed = (line: FramedLine): Effect.Effect<void, FrameTooLarge> => {
    if (line._tag === "Line") return onLine(line.text)
    if (looksLikeFrame(line.head)) return Effect.fail<FrameTooLarge>({ _tag: "FrameTooLarge", capBytes })
    return reader.onJunk(`${line.head}… (the rest of a line of more than ${capBytes} bytes was skipped)`)
  }

  const onChunk = (lines: ReadonlyArray<FramedLine>): Effect.Effect<void, FrameTooLarge> => {
    const [only] = lines
    if (only !== undefined && lines.length === 1) return onFramed(only)
    return Effect.forEach(lines, onFramed, { discard: true })
  }

  return Stream.runForEach(bytes, (chunk) => onChunk(framer.push(chunk))).pipe(
    Effect.andThen(Effect.suspend(() => onChunk(framer.end()))),
  )
}
