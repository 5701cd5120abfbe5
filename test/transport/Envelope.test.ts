import { assert, describe, it } from "@effect/vitest"
import { looksLikeFrame, parseClientFrame, parseServerFrame } from "../../src/transport/Envelope.ts"

const success = `{"_tag":"Success","value":1}`

const serverFrames = [
  `{"_tag":"Exit","requestId":"1","exit":${success}}`,
  `{"_tag":"Exit","requestId":1,"exit":{"_tag":"Success"}}`,
  `{"_tag":"Exit","requestId":1,"exit":{"_tag":"Failure","cause":[{"_tag":"Die","defect":"why"}]}}`,
  `  {"_tag":"Chunk","requestId":"1","values":[1]}  `,
  `{"_tag":"Chunk","requestId":"1","values":[1],"of a later version":true}`,
  `{"_tag":"Defect","defect":"why"}`,
  `{"_tag":"Pong"}`,
]

const clientFrames = [
  `{"_tag":"Request","id":"1","tag":"Create","payload":{},"headers":[]}`,
  `{"_tag":"Request","id":0,"tag":"","headers":[]}`,
  `{"_tag":"Request","id":9007199254740991,"tag":"Create","headers":[]}`,
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
  `{"_tag":"Exit","requestId":null,"exit":${success}}`,
  `{"_tag":"Exit","requestId":{},"exit":${success}}`,
  `{"_tag":"Chunk","values":[1]}`,
  `{"_tag":"Defect"}`,
  `{"_tag":"Defect","defect":${"[".repeat(300)}${"]".repeat(300)}}`,
  `{"_tag":"Request","tag":"Create","headers":[]}`,
  ...["1e400", "-1e400", "1.5", "-1", "9007199254740992", "true", "[1]"].flatMap((id) => [
    `{"_tag":"Request","id":${id},"tag":"Create","headers":[]}`,
    `{"_tag":"Interrupt","requestId":${id}}`,
    `{"_tag":"Exit","requestId":${id},"exit":${success}}`,
  ]),
  ...["NaN", "Infinity", "-Infinity", "01", "+1", ".5"].map(
    (number) => `{"_tag":"Exit","requestId":1,"exit":{"_tag":"Success","value":${number}}}`,
  ),
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

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels)

/** Frames that name a call and cannot be read, each with what is wrong with it. */
const unreadableAnswers: ReadonlyArray<readonly [string, string]> = [
  [`{"_tag":"Exit","requestId":"1"}`, "exit: is not an object"],
  [`{"_tag":"Exit","requestId":"1","exit":null}`, "exit: is not an object"],
  [`{"_tag":"Exit","requestId":"1","exit":{}}`, "exit._tag: is neither Success nor Failure"],
  [`{"_tag":"Exit","requestId":"1","exit":{"_tag":"Maybe"}}`, "exit._tag: is neither Success nor Failure"],
  [`{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure"}}`, "exit.cause: is not an array"],
  [`{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure","cause":{}}}`, "exit.cause: is not an array"],
  [`{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure","cause":[]}}`, "exit.cause: is empty"],
  [`{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure","cause":[null]}}`, "exit.cause[0]: is not an object"],
  [
    `{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure","cause":[{"_tag":"Interrupt"},{"_tag":"Oops"}]}}`,
    "exit.cause[1]._tag: is not Fail, Die or Interrupt",
  ],
  [
    `{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure","cause":[{"_tag":"Fail"}]}}`,
    "exit.cause[0].error: is missing",
  ],
  [
    `{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure","cause":[{"_tag":"Die"}]}}`,
    "exit.cause[0].defect: is missing",
  ],
  [
    `{"_tag":"Exit","requestId":"1","exit":{"_tag":"Success","value":${nested(255)}}}`,
    "the frame is nested more than 256 levels deep",
  ],
  [`{"_tag":"Chunk","requestId":"1"}`, "values: is not an array"],
  [`{"_tag":"Chunk","requestId":"1","values":[]}`, "values: is empty"],
  [`{"_tag":"Chunk","requestId":"1","values":"1"}`, "values: is not an array"],
  [
    JSON.stringify({ _tag: "Chunk", requestId: "1", values: Array.from({ length: 1025 }, () => 0) }),
    "values: has 1025 values, and a Chunk may have 1024",
  ],
]

const unreadableRequests: ReadonlyArray<readonly [string, string]> = [
  [`{"_tag":"Request","id":"1","headers":[]}`, "tag: is not a text"],
  [`{"_tag":"Request","id":"1","tag":7,"headers":[]}`, "tag: is not a text"],
  ...["null", "{}", "[null]", `[["a"]]`, `[["a",1]]`, `["ab"]`].map(
    (headers) =>
      [
        `{"_tag":"Request","id":"1","tag":"Create","headers":${headers}}`,
        "headers: is not a list of pairs of texts",
      ] as const,
  ),
  [`{"_tag":"Request","id":"1","tag":"Create"}`, "headers: is not a list of pairs of texts"],
  [
    `{"_tag":"Request","id":"1","tag":"Create","headers":[],"payload":${nested(256)}}`,
    "the frame is nested more than 256 levels deep",
  ],
]

describe("Envelope", () => {
  it.each(unreadableAnswers)("P1: a call of an agent is ended by %s", (line, problem) => {
    const parsed = parseServerFrame(line)
    assert.deepInclude(parsed._tag === "Frame" && parsed.frame, { _tag: "Unreadable", requestId: "1", problem })
    assert.strictEqual(parseClientFrame(line)._tag, "Junk")
  })

  it.each(unreadableRequests)("P1: a plugin refuses %s", (line, problem) => {
    const parsed = parseClientFrame(line)
    assert.deepInclude(parsed._tag === "Frame" && parsed.frame, { _tag: "Unreadable", requestId: "1", problem })
    assert.strictEqual(parseServerFrame(line)._tag, "Junk")
  })

  it("a frame may be nested 256 levels deep, and a text may hold any number of brackets", () => {
    for (const value of [nested(254), JSON.stringify(nested(5_000)), JSON.stringify(`\\"${nested(5_000)}`)]) {
      const parsed = parseServerFrame(`{"_tag":"Exit","requestId":"1","exit":{"_tag":"Success","value":${value}}}`)
      assert.deepInclude(parsed._tag === "Frame" && parsed.frame, { _tag: "Exit" })
    }
  })

  it("of a key that an object has twice, the last one counts", () => {
    const line = `{"_tag":"Chunk","requestId":1,"values":[1],"requestId":2,"values":[{"a":1,"a":2}]}`
    const frame = { _tag: "Chunk", requestId: 2, values: [{ a: 2 }] }
    assert.deepEqual<unknown>(parseServerFrame(line), { _tag: "Frame", frame })
  })

  it("P15: a frame with more values than it may have is never made into values, and ends the call that it names", () => {
    const problem = "the frame has more than 262144 values"
    const many = `[${"{},".repeat(200_000)}{"requestId":9,"_tag":"Pong"}]`
    for (const id of [7, Number.MAX_SAFE_INTEGER, "7", 'a\u00e9"b']) {
      const named = `"requestId" : ${JSON.stringify(id)}`
      for (const line of [
        `{"_tag":"Exit",${named},"exit":${many}}`,
        ` {"exit":${many}, ${named} ,"note":",{[\\"","_tag":"Exit"}`,
      ]) {
        assert.deepEqual(parseServerFrame(line), {
          _tag: "Frame",
          frame: { _tag: "Unreadable", kind: "Exit", requestId: id, problem },
        })
      }
      const request = `{"_tag":"Request","id":${JSON.stringify(id)},"tag":"Create","headers":[],"payload":${many}}`
      assert.deepNestedInclude(parseClientFrame(request), { "frame.requestId": id, "frame.problem": problem })
    }
    for (const line of [`{"_tag":"Exit","exit":${many}}`, `{"_tag":"Exit","requestId":[1],"exit":${many}}`, many]) {
      assert.strictEqual(parseServerFrame(line)._tag, "Junk")
    }
  })

  it("a frame may have 262,144 values, and a text may hold any number of commas", () => {
    // The frame around it has two braces and three commas, and it has a bracket.
    const edge = `[${"0,".repeat(262_144 - 6)}0]`
    for (const [value, tag] of [
      [edge, "Exit"],
      [`[0,${edge.slice(1)}`, "Unreadable"],
      [JSON.stringify("[,".repeat(300_000)), "Exit"],
    ] as const) {
      const parsed = parseServerFrame(`{"_tag":"Exit","requestId":"1","exit":{"_tag":"Success","value":${value}}}`)
      assert.deepInclude(parsed._tag === "Frame" && parsed.frame, { _tag: tag })
    }
  })

  it.each([
    [`"out of luck"`, "out of luck"],
    [`{"message":"out of luck","toString":1}`, "out of luck"],
    [`{"toString":1,"valueOf":null}`, `{"toString":1,"valueOf":null}`],
    [`null`, "null"],
    [`{"message":{"toString":1}}`, `{"message":{"toString":1}}`],
    [JSON.stringify("x".repeat(9_000)), `${"x".repeat(8_192)}… (9000 characters)`],
  ])("P1: the defect %s is read as text, and nothing of it is run", (defect, text) => {
    const died = parseServerFrame(
      `{"_tag":"Exit","requestId":"1","exit":{"_tag":"Failure","cause":[{"_tag":"Die","defect":${defect}}]}}`,
    )
    assert.deepNestedInclude(died, { "frame.exit.cause[0]": { _tag: "Die", defect: text } })
    assert.deepNestedInclude(parseServerFrame(`{"_tag":"Defect","defect":${defect}}`), { "frame.defect": text })
  })

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
