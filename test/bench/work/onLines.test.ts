import { assert, describe, it } from "@effect/vitest"
import { PassThrough } from "node:stream"
import { onLines } from "../../../scripts/bench/work/onLines.ts"

const linesOf = async (chunks: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const lines: Array<string> = []
  const stream = new PassThrough()
  onLines(stream, (line) => lines.push(line))
  for (const chunk of chunks) stream.write(chunk)
  const ended = new Promise((resolve) => stream.once("end", resolve))
  stream.end()
  await ended
  return lines
}

describe("onLines", () => {
  it("gives each line once, wherever the chunks are cut", async () => {
    const text = "one\ntwo\n\nthree, which is longer\n"
    for (let size = 1; size <= text.length; size++) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.slice(index * size, (index + 1) * size),
      )
      assert.deepEqual(await linesOf(chunks), ["one", "two", "", "three, which is longer"])
    }
  })

  it("keeps back a line that has not ended", async () => {
    assert.deepEqual(await linesOf(["one\ntw", "o"]), ["one"])
  })
})
