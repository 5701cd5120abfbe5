import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { makeSchemaCheck } from "../../../../src/agent/forma/SchemaCheck.ts"
import { linearPattern } from "../../../../src/agent/forma/schema/linearPattern.ts"
import type { Properties } from "../../../../src/protocol/Resource.ts"

interface Group {
  readonly description: string
  readonly schema: Properties | boolean
  readonly tests: ReadonlyArray<{ readonly description: string; readonly data: Properties; readonly valid: boolean }>
}

const folder = fileURLToPath(new URL("../../../fixtures/json-schema-test-suite", import.meta.url))
const protocol = readFileSync(fileURLToPath(new URL("../../../../PROTOCOL.md", import.meta.url)), "utf8")

/** Schemas that are `true` or `false` as a whole cannot be sent by a plugin. */
const check = makeSchemaCheck(linearPattern)
const look = (schema: Properties | boolean, value: Properties) =>
  check(typeof schema === "boolean" ? { allOf: [schema] } : schema, value)

const run = (...path: ReadonlyArray<string>) => {
  const directory = join(folder, ...path)
  const refused: Array<string> = []
  const missed: Array<string> = []
  const doubted = { valid: Array<string>(), invalid: Array<string>() }
  let valid = 0
  let invalid = 0
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".json"))) {
    const groups: ReadonlyArray<Group> = JSON.parse(readFileSync(join(directory, file), "utf8"))
    for (const { description, schema, tests } of groups) {
      for (const test of tests) {
        const name = `${file}: ${description}: ${test.description}`
        const { doubts, issues } = look(schema, test.data)
        const wrong = issues.length > 0
        if (doubts.length > 0) doubted[test.valid ? "valid" : "invalid"].push(name)
        if (test.valid) valid += 1
        else invalid += 1
        if (wrong === test.valid) (wrong ? refused : missed).push(name)
      }
    }
  }
  return { valid, invalid, refused, missed, doubted }
}

/** What is said in other documents, which the agent does not fetch. */
const elsewhere =
  /^(?:refRemote|vocabulary|format-assertion|defs)\.json|^dynamicRef\.json: (?:strict-tree|tests for impl|\$ref )|^ref\.json: remote ref/

describe("the public tests of JSON Schema", () => {
  it("find that no valid value is refused, and all that is wrong by the schema itself is found", () => {
    const [required, optional] = [run(), run("optional")]
    const valid = required.valid + optional.valid
    const invalid = required.invalid + optional.invalid
    const missed = [...required.missed, ...optional.missed]
    assert.isAbove(valid, 800)
    assert.deepEqual([...required.refused, ...optional.refused], [])
    assert.deepEqual(
      missed.filter((one) => !elsewhere.test(one)),
      [],
    )
    assert.include(
      protocol,
      `Of the public tests of JSON Schema (draft 2020-12), it refuses none of ${valid} valid values, and finds ${invalid - missed.length} of ${invalid} that are not`,
    )
  })

  it("find that formats are annotations, as the standard has it: what is not in its format is doubted", () => {
    const { doubted, invalid, refused, valid } = run("optional", "format")
    assert.isAbove(valid, 300)
    assert.deepEqual(refused, [])
    assert.deepEqual(doubted.valid, [])
    assert.include(
      protocol,
      `Of its tests of formats, it warns of ${doubted.invalid.length} of ${invalid} texts that are not in their format, and of none of ${valid} that are`,
    )
  })
})
