/** The lines of a stream, as the bare pipe reads them: as little as does the work. */
import type { Readable } from "node:stream"

export const onLines = (stream: Readable, onLine: (line: string) => void): void => {
  let rest = ""
  stream.setEncoding("utf8")
  stream.on("data", (chunk: string) => {
    const text = rest === "" ? chunk : rest + chunk
    let start = 0
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      onLine(text.slice(start, end))
      start = end + 1
    }
    rest = text.slice(start)
  })
}
