import { assert, describe, it } from "@effect/vitest"
import { looksLikeFrame, parseClientFrame, parseServerFrame } from "../../src/transport/Envelope.ts"

const success = `{"_tag":"Success","value":1}`

const serverFrames = [
  `{"_tag":"Exit","requestId":"1","exit":${success}}`,
  `{"_tag":"Exit","requestId":1,"exit":{"_tag":"Success"}}`,
  `{"_tag":"Exit","requestId":1,"exit":{"_tag":"Failure","cause":[]}}`,
  `  {"_tag":"Chunk","requestId":"1","values":[1]}  `,
  `{"_tag":"Chunk","requestId":"1","values":[1],"of a later version":true}`,
  `{"_tag":"Defect","defect":null}`,
  `{"_tag":"Pong"}`,
]

const clientFrames = [
  `{"_tag":"Request","id":"1","tag":"Create","payload":{},"headers":[]}`,
  `{"_tag":"Request","id":0,"tag":"","headers":[]}`,
  `{"_tag":"Ack","requestId":"1"}`,
  `{"_tag":"Interrupt","requestId":"1"}`,
  `{"_tag":"Ping"}`,
  `{"_tag":"Eof"}`,
]

/** What programs print, and what looks like a frame but is not one. */
const junk = [
  ``,
  ` `,
  `42`,
  `null`,
  `"text"`,
  `[{"_tag":"Pong"}]`,
  `{}`,
  `{"level":"info","msg":"listening"}`,
  `{"_tag":"Exit"`,
  `{"_tag":"Exit"}`,
  `{"_tag":"Exit","requestId":"1"}`,
  `{"_tag":"Exit","requestId":null,"exit":${success}}`,
  `{"_tag":"Exit","requestId":{},"exit":${success}}`,
  `{"_tag":"Exit","requestId":"1","exit":null}`,
  `{"_tag":"Exit","requestId":"1","exit":{}}`,
  `{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure"}}`,
  `{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure","cause":{}}}`,
  `{"_tag":"Chunk","requestId":"1","values":[]}`,
  `{"_tag":"Chunk","requestId":"1","values":"1"}`,
  `{"_tag":"Chunk","values":[1]}`,
  `{"_tag":"Defect"}`,
  `{"_tag":"Request","id":"1","tag":"Create"}`,
  `{"_tag":"Request","id":"1","headers":[]}`,
  `{"_tag":"Request","tag":"Create","headers":[]}`,
  `{"_tag":"Request","id":"1","tag":7,"headers":[]}`,
  `{"_tag":"Ack"}`,
  `{"_tag":"Interrupt","requestId":null}`,
  `{"_tag":"ClientProtocolError","error":{}}`,
  `{"_tag":"Other","requestId":"1"}`,
  `{"_tag":["Exit"],"requestId":"1","exit":${success}}`,
  `{"__proto__":{"_tag":"Pong"}}`,
  `log: {"_tag":"Pong"}`,
  `{"_tag":"Pong"}{"_tag":"Pong"}`,
  `{"_tag":"Pong"} trailing`,
]

describe("Envelope", () => {
  it.each(serverFrames)("a plugin may write %s", (line) => {
    assert.deepEqual(parseServerFrame(line), { _tag: "Frame", frame: JSON.parse(line) })
    assert.strictEqual(parseClientFrame(line)._tag, "Junk")
  })

  it.each(clientFrames)("an agent may write %s", (line) => {
    assert.deepEqual(parseClientFrame(line), { _tag: "Frame", frame: JSON.parse(line) })
    assert.strictEqual(parseServerFrame(line)._tag, "Junk")
  })

  it.each(junk)("junk: %s", (line) => {
    assert.strictEqual(parseServerFrame(line)._tag, "Junk")
    assert.strictEqual(parseClientFrame(line)._tag, "Junk")
  })

  it("tells from its beginning whether a line that is too long looks like a frame", () => {
    assert.isTrue(looksLikeFrame(`{"_tag":"Exit","requestId":"1","exit":{"_tag":"Succ`))
    assert.isTrue(looksLikeFrame(`  { "_tag" : "Chunk"`))
    assert.isTrue(looksLikeFrame(`{"exit":{"_tag":"Success","value":"xxxx`))
    assert.isFalse(looksLikeFrame(`["_tag"`))
    assert.isFalse(looksLikeFrame(`xxxxxxxxxxxxxxxxxxxx{"_tag":"Exit"`))
  })
})
