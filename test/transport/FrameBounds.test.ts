import { assert, describe, it } from "@effect/vitest"
import { maxFrameValues, namesOf } from "../../src/transport/FrameBounds.ts"
import { parseClientFrame, parseServerFrame } from "../../src/transport/Envelope.ts"

const tooMany = `[${"[],".repeat(maxFrameValues)}[]]`

describe("P15: a frame that has too much of something", () => {
  it("says which call it is for, and keeps nothing else of what it says", () => {
    const fields = Array.from({ length: 1000 }, (_, index) => `"f${index}":"${index}"`).join()
    assert.deepEqual(namesOf(`{"_tag":"Exit",${fields},"requestId":7,"id":"a","exit":{"id":"b"}}`), {
      _tag: "Exit",
      requestId: 7,
      id: "a",
    })
  })

  it.each<readonly [string, (name: string) => string, string | number]>([
    ["a number with many digits", (name) => `"${name}":0.${"0".repeat(40)}7e41`, 7],
    ["a number with many zeros", (name) => `"${name}":7.${"0".repeat(1000)}`, 7],
    ["a long text", (name) => `"${name}":"${"i".repeat(100_000)}"`, "i".repeat(100_000)],
    ["an escaped text", (name) => String.raw`"${name}" : "\u0037\"]}"`, `7"]}`],
    ["a text that ends with a backslash", (name) => String.raw`"${name}":"7\\\\"`, "7\\\\"],
    ["a text of quotes after backslashes", (name) => String.raw`"${name}":"\"\\\"]},\""`, `"\\"]},"`],
    ["the last of two", (name) => `"${name}":1,"${name}":2`, 2],
    ["one whose name is escaped", (name) => `"${name}":1,"${name.replace(/d$/, String.raw`\u0064`)}":2`, 2],
  ])("names its call by the id that a JSON reader reads: %s", (_, id, requestId) => {
    const problem = `the frame has more than ${maxFrameValues} values`
    assert.deepEqual(parseServerFrame(`{"_tag":"Exit","exit":${tooMany},${id("requestId")}}`), {
      _tag: "Frame",
      frame: { _tag: "Unreadable", kind: "Exit", requestId, problem },
    })
    assert.deepEqual(parseClientFrame(`{"_tag":"Request","payload":${tooMany},${id("id")}}`), {
      _tag: "Frame",
      frame: { _tag: "Unreadable", kind: "Request", requestId, problem },
    })
  })

  it.each(["[7]", "{}", "true", "null", "7x", "-7", "1e400"])("names no call by %s", (id) => {
    assert.deepEqual(parseServerFrame(`{"_tag":"Exit","requestId":${id},"exit":${tooMany}}`), { _tag: "Junk" })
  })
})
