import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { type LogLine, parseStderrLine, stdoutLine } from "../../../src/agent/launch/LogLines.ts"
import { OperationId } from "../../../src/protocol/Identity.ts"
import { LogRecord } from "../../../src/protocol/LogRecord.ts"

const record = (change: object = {}) => JSON.stringify({ _log: 1, level: "Warn", message: "slow", ...change })
const operationId = OperationId.make("op-1")

describe("a line of stderr", () => {
  it.each<[string, LogLine]>([
    [record(), { level: "Warn", message: "slow", annotations: {} }],
    [record({ message: "a\nb" }), { level: "Warn", message: "a\nb", annotations: {} }],
    [record({ operationId }), { level: "Warn", message: "slow", operationId, annotations: {} }],
    [
      record({ annotations: { try: 2, of: { a: [1] } } }),
      { level: "Warn", message: "slow", annotations: { try: 2, of: { a: [1] } } },
    ],
    [`  ${record()}  `, { level: "Warn", message: "slow", annotations: {} }],
    [record({ later: "field" }), { level: "Warn", message: "slow", annotations: {} }],
  ])("that is a record is read as one: %s", (line, expected) => {
    assert.deepEqual(parseStderrLine(line), expected)
  })

  it.each([
    "plain text",
    "{",
    "{}",
    "[1]",
    `half a line${record()}`,
    `{"level":"info","msg":"of some other logger"}`,
    record({ _log: 2 }),
    record({ _log: "1" }),
    record({ level: "Loud" }),
    record({ message: undefined }),
    record({ message: { text: "slow" } }),
    record({ operationId: "" }),
    record({ annotations: [] }),
    record().slice(0, -1),
  ])("that is none is text, as it came: %s", (line) => {
    assert.deepEqual(parseStderrLine(line), { level: "Info", message: line, annotations: {} })
  })

  it.prop("says what the record said, whatever it was", [Arbitrary.schema(LogRecord)], ([logged]) => {
    const { annotations, level, message, operationId: id } = logged
    const parsed = parseStderrLine(JSON.stringify(logged))
    assert.deepEqual([parsed.level, parsed.message, parsed.operationId], [level, message, id])
    assert.strictEqual(JSON.stringify(parsed.annotations), JSON.stringify(annotations ?? {}))
  })

  it.prop("is never a mistake of the agent's", [Schema.String], ([line]) => {
    assert.isString(parseStderrLine(line).message)
  })
})

describe("a line of stdout", () => {
  it("is a warning that says where it came from, also where it looks like a record", () => {
    assert.deepEqual(stdoutLine(record()), { level: "Warn", message: record(), annotations: { source: "stdout" } })
  })
})
