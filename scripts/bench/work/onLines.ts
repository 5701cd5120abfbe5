/** The lines of a stream, as the bare pipe reads them: as little as does the work. */
import type { Readable } from "node:stream"

export const onLines = (stream: Readable, onLine: (line: string) => void): void => {
  /** The parts of a line that is not whole yet. A long one has many, and none of them is looked through twice. */
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
