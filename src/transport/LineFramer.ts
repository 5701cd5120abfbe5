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

/** The beginning of a line of which nothing else is kept, in bytes. */
const declinedBytes = 64 * 1024

/**
 * The memory of a line of so many bytes is kept for the next one, which may be as
 * long, until one comes that needs less than a quarter of it.
 */
const longBytes = 4 * 1024 * 1024

/**
 * Makes a framer for one stream, for lines of at most `capBytes` bytes. Of a line
 * of more than 64 KiB whose beginning `isWanted` declines, only the beginning is
 * kept and given, so that it takes no memory.
 */
export const makeLineFramer = (capBytes: number, isWanted: (head: string) => boolean = () => true): LineFramer => {
  /** The beginning of a line without its end. It grows by doubling: chunks may be of one byte. */
  let kept = Buffer.alloc(0)
  let keptBytes = 0
  let lineBytes = 0
  let declined = false
  let skipping = false
  let atStart = true

  const begin = (): void => {
    const isKept = kept.length <= declinedBytes || (kept.length <= longBytes && keptBytes * 4 >= kept.length)
    if (!isKept) kept = Buffer.alloc(0)
    keptBytes = 0
    lineBytes = 0
    declined = false
  }

  const append = (part: Uint8Array): void => {
    const needed = keptBytes + part.length
    if (needed > kept.length) {
      // Not all that the line may need at once: V8 counts what is not written to as well, and collects garbage for it.
      const grown = Buffer.allocUnsafe(Math.min(Math.max(needed, kept.length * 2), Math.max(needed, capBytes)))
      kept.copy(grown, 0, 0, keptBytes)
      kept = grown
    }
    // Copied, because the owner of the chunk may reuse its memory.
    kept.set(part, keptBytes)
    keptBytes = needed
  }

  const keep = (part: Uint8Array): void => {
    const wasShort = lineBytes <= declinedBytes
    lineBytes += part.length
    if (declined) return
    append(part)
    if (wasShort && lineBytes > declinedBytes) declined = !isWanted(kept.toString("utf8", 0, headBytes))
  }

  const takeLine = (last: Buffer): string => {
    if (lineBytes > 0 && !declined) append(last)
    const line = lineBytes > 0 ? kept.subarray(0, keptBytes) : last
    const end = !declined && line.length > 0 && line[line.length - 1] === carriageReturn ? line.length - 1 : line.length
    const text = line.toString("utf8", 0, end)
    begin()
    if (!atStart) return text
    atStart = false
    return text.startsWith(byteOrderMark) ? text.slice(1) : text
  }

  const overflow = (rest: Buffer): FramedLine => {
    const missing = rest.subarray(0, Math.max(0, headBytes - keptBytes))
    const head = Buffer.concat([kept.subarray(0, Math.min(keptBytes, headBytes)), missing]).toString("utf8")
    begin()
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
        if (!skipping && lineBytes + part.length > capBytes) lines.push(overflow(part))
        if (found === -1) {
          if (!skipping) keep(part)
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
      if (skipping || lineBytes === 0) return []
      const text = takeLine(Buffer.alloc(0))
      return text.length > 0 ? [{ _tag: "Line", text }] : []
    },
  }
}
