import { assert, describe, it } from "@effect/vitest"
import { ConnectionError, SqlError, type SqlErrorReason, UnknownError } from "effect/sql/SqlError"
import { commandErrorOf } from "../../../src/agent/commands/CommandError.ts"

const message = "PgConnection: Query failed"
const said = (text: string, code?: string) => Object.assign(new Error(text), code === undefined ? {} : { code })
const errorOf = (reason: SqlErrorReason) => commandErrorOf(new SqlError({ reason }))
const unknown = (text: string, code?: string) =>
  errorOf(new UnknownError({ cause: said(text, code), message, operation: "query" }))

describe("what is said of an error of Postgres", () => {
  it.each([
    ["53100", "DiskFull", "The state cannot be used: the disk of the server is full. Free some space there, and run"],
    ["25006", "NotWritable", "The state cannot be used: the server is read-only, as a standby is. Give the address of"],
    ["53300", "Unreachable", "The state cannot be used: the server takes no more connections (no). End some of the"],
  ])("names the place and the way out: %s", (code, condition, says) => {
    const error = unknown("no", code)
    assert.include(error.message, says)
    assert.deepEqual(error.facts, { condition })
  })

  it("tells a pooler that does not keep sessions, by what it does not take", () => {
    const error = unknown("unsupported startup parameter: search_path", "08P01")
    assert.include(error.message, "a pooler that does not keep sessions is before the server (unsupported startup")
    assert.deepEqual(error.facts, { condition: "NoSessions" })
  })

  it("tells a connection that was lost", () => {
    const error = errorOf(new ConnectionError({ cause: said("Connection closed"), message, operation: "query" }))
    assert.include(error.message, "the server cannot be reached (Connection closed). Check that it runs")
    assert.deepEqual(error.facts, { condition: "Unreachable" })
  })

  it("repeats what the server says of anything else", () => {
    const error = unknown('relation "x" does not exist', "42P01")
    assert.strictEqual(error.message, 'The server of the state refuses a statement: relation "x" does not exist')
    assert.isUndefined(error.facts)
  })
})
