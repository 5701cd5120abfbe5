import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { lineOf } from "../../src/plugin/LogLine.ts"
import { OperationId } from "../../src/protocol/Identity.ts"
import { logLineCapBytes, LogRecord } from "../../src/protocol/LogRecord.ts"

const record: LogRecord = { _log: 1, level: "Warn", message: "slow", operationId: OperationId.make("op-1") }
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(LogRecord))
const bytesOf = (line: string) => Buffer.byteLength(line)
const room = logLineCapBytes - bytesOf(lineOf({ ...record, message: "" }))

describe("the line of a record", () => {
  it.prop("is the record as one line of JSON", [Arbitrary.schema(LogRecord)], ([logged]) => {
    const line = lineOf(logged)
    assert.notInclude(line, "\n")
    assert.strictEqual(line, JSON.stringify(logged))
  })

  it("is complete if it fits, to the byte", () => {
    const message = "x".repeat(room)
    assert.strictEqual(bytesOf(lineOf({ ...record, message })), logLineCapBytes)
    assert.strictEqual(decode(lineOf({ ...record, message })).message, message)
    assert.isTrue(decode(lineOf({ ...record, message: `${message}x` })).message.endsWith("x… (cut)"))
  })

  it.each([
    ["letters", "x"],
    ["characters of two bytes", "é"],
    ["surrogate pairs", "🙂"],
    ["lone surrogates", "\ud83d"],
    ["characters that JSON writes with six", "\u0000"],
    ["quotes", `"`],
  ])("is never longer than a line may be: %s", (_, character) => {
    for (const times of [10_000, 70_000, 300_000]) {
      const message = `begins ${character.repeat(times)}`
      const line = lineOf({ ...record, message })
      assert.isAtMost(bytesOf(line), logLineCapBytes)
      const { level, message: kept, operationId } = decode(line)
      assert.deepEqual([level, operationId], ["Warn", record.operationId])
      assert.isTrue(kept.startsWith(`begins ${character}`))
      // It uses at least half of the room.
      if (kept !== message) assert.isAbove(bytesOf(line), logLineCapBytes / 2)
    }
  })

  it("keeps the annotations of a long message, and the message with long annotations", () => {
    const long = "x".repeat(logLineCapBytes)
    const annotated = decode(lineOf({ ...record, message: long, annotations: { try: 2 } }))
    assert.deepEqual(annotated.annotations, { try: 2 })
    const line = lineOf({ ...record, annotations: { all: long } })
    assert.isAtMost(bytesOf(line), logLineCapBytes)
    assert.isUndefined(decode(line).annotations)
    assert.isTrue(decode(line).message.startsWith("slow"))
  })
})
