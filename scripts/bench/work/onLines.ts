/** How the bare pipe reads lines: with as little as works, because it is what the others are compared with. */
import type { Readable } from "node:stream"

/** Calls `onLine` with each line that ends, without its line feed. */
export const onLines = (stream: Readable, onLine: (line: string) => void): void => {
  /** The parts of the line that has not ended yet. A long line has many, and each is searched once. */
  let parts: Array<string> = []
  stream.setEncoding("utf8")
  stream.on("data", (chunk: string) => {
    let start = 0
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
      const line = chunk.slice(start, end)
      onLine(parts.length === 0 ? line : parts.join("") + line)
      parts = []
      start = end + 1
    }
    if (start < chunk.length) parts.push(start === 0 ? chunk : chunk.slice(start))
  })
}
