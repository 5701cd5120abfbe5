/**
 * Cuts a stream of bytes into lines, wherever its chunks begin and end.
 *
 * Bytes are kept until a line is complete, so a character that is split between
 * two chunks stays whole. A line over the cap is reported once and skipped to
 * its end; the lines after it are read as usual.
 */

/** A line without its newline, or the notice that one was too long. */
export type FramedLine =
  | { readonly _tag: "Line"; readonly text: string }
  /** A line longer than the cap. `head` is its beginning. */
  | { readonly _tag: "Overflow"; readonly head: string }

/** Takes chunks and gives lines. */
export interface LineFramer {
  /** The lines that this chunk completes. Empty lines are left out. */
  readonly push: (chunk: Uint8Array) => ReadonlyArray<FramedLine>
  /** The last line, if the stream ended without a newline. */
  readonly end: () => ReadonlyArray<FramedLine>
}

const newline = 0x0a
const carriageReturn = 0x0d
const headBytes = 256
const byteOrderMark = "\uFEFF"

/** Makes a framer for one stream, for lines of at most `capBytes` bytes. */
export const makeLineFramer = (capBytes: number): LineFramer => {
  let kept: Array<Buffer> = []
  let keptBytes = 0
  let skipping = false
  let atStart = true

  const takeLine = (last: Buffer): string => {
    const line = kept.length === 0 ? last : Buffer.concat([...kept, last], keptBytes + last.length)
    kept = []
    keptBytes = 0
    const end = line.length > 0 && line[line.length - 1] === carriageReturn ? line.length - 1 : line.length
    const text = line.toString("utf8", 0, end)
    if (!atStart) return text
    atStart = false
    return text.startsWith(byteOrderMark) ? text.slice(1) : text
  }

  const overflow = (rest: Buffer): FramedLine => {
    const head = Buffer.concat([...kept, rest.subarray(0, headBytes)])
      .subarray(0, headBytes)
      .toString("utf8")
    kept = []
    keptBytes = 0
    skipping = true
    return { _tag: "Overflow", head }
  }

  return {
    push: (chunk) => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const lines: Array<FramedLine> = []
      let position = 0
      while (position < bytes.length) {
        const found = bytes.indexOf(newline, position)
        const part = bytes.subarray(position, found === -1 ? bytes.length : found)
        position = found === -1 ? bytes.length : found + 1
        if (!skipping && keptBytes + part.length > capBytes) lines.push(overflow(part))
        if (found === -1) {
          if (skipping) continue
          // Copied, because the owner of the chunk may reuse its memory.
          kept.push(Buffer.from(part))
          keptBytes += part.length
        } else if (skipping) {
          skipping = false
        } else {
          const text = takeLine(part)
          if (text.length > 0) lines.push({ _tag: "Line", text })
        }
      }
      return lines
    },
    end: () => {
      if (skipping || keptBytes === 0) return []
      const text = takeLine(Buffer.alloc(0))
      return text.length > 0 ? [{ _tag: "Line", text }] : []
    },
  }
}
