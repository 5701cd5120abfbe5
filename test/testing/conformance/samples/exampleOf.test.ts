import { assert, describe, it } from "@effect/vitest"
import { makeSchemaCheck } from "../../../../src/agent/forma/SchemaCheck.ts"
import { linearPattern } from "../../../../src/agent/forma/schema/linearPattern.ts"
import type { Properties } from "../../../../src/protocol/Resource.ts"
import { exampleOf } from "../../../../src/testing/conformance/samples/exampleOf.ts"
import { textFor } from "../../../../src/testing/conformance/samples/textFor.ts"

const object = (schema: Properties, $defs: Properties = {}): Properties => ({
  type: "object",
  properties: { x: schema },
  required: ["x"],
  $defs,
})
const many = <A>(count: number, make: (index: number) => A): Array<A> =>
  Array.from({ length: count }, (_, index) => make(index))
const check = makeSchemaCheck(linearPattern)

describe("an example", () => {
  it.each<readonly [Properties, unknown]>([
    [{ type: "string" }, "a"],
    [{ type: "string", minLength: 3 }, "aaa"],
    [{ type: "string", maxLength: 0 }, ""],
    [{ type: "string", format: "date" }, "2030-01-31"],
    [{ type: "integer" }, 1],
    [{ type: "integer", minimum: 5, multipleOf: 4 }, 8],
    [{ type: "integer", exclusiveMinimum: 5 }, 6],
    [{ type: "number", maximum: -2 }, -2],
    [{ type: ["null", "boolean"] }, true],
    [{ type: "null" }, null],
    [{ const: { a: 1 } }, { a: 1 }],
    [{ enum: ["b", "a"] }, "b"],
    [{ items: { type: "null" }, minItems: 2 }, [null, null]],
    [{ prefixItems: [{ type: "string" }, { type: "integer" }], minItems: 2 }, ["a", 1]],
    [{ contains: { const: 3 }, type: "array", minItems: 1 }, [3]],
    [{ properties: { a: { type: "integer" }, b: false } }, { a: 1 }],
    [{ oneOf: [{ enum: [1], type: "string", not: {} }, { type: "null" }], title: "x" }, 1],
    [
      { anyOf: [{ properties: { a: false }, required: ["a"] }, { required: ["b"] }], properties: { b: { const: 2 } } },
      { b: 2 },
    ],
    [{ allOf: [{ required: ["a"] }, { properties: { a: { const: 2 } } }] }, { a: 2 }],
    [{ $ref: "#/$defs/small", description: "x" }, 5],
    [{ required: ["__proto__"] }, JSON.parse(`{"__proto__":"a"}`)],
  ])("is as plain as it can be: %j", (schema, expected) => {
    const whole = object(schema, { small: { type: "integer", minimum: 5 } })
    const made: unknown = exampleOf(whole)
    assert.deepEqual(made, { x: expected })
  })

  const patterns = [
    "^[a-z]{3,5}-\\d{2}$",
    "^(a+)+$",
    "^(?:x|y)[^a-y]z?$",
    "^(?<name>[A-F]{2}:){2}$",
    "^\\p{Lu}\\u0041\\x41.\\.$",
    "[\\]\\\\]{2}",
    "^\\S+@\\w+$",
    "^$",
  ]
  it.each(patterns)("has a text for its pattern: %s", (pattern) => {
    const schema = object({ type: "string", pattern })
    const made = exampleOf(schema) as Properties
    assert.strictEqual(typeof made["x"], "string")
    assert.deepEqual(check(schema, made), { issues: [], doubts: [] })
  })

  it("has a text that is as long as it must be", () => {
    assert.strictEqual(textFor("^a[bc]*$", 5), "abbbb".padEnd(5, "b"))
    assert.isUndefined(textFor("^a$", 5))
  })

  const doubled = (keyword: string) =>
    object(
      { $ref: "#/$defs/d40" },
      Object.fromEntries(
        many(41, (index) => [
          `d${index}`,
          index === 0 ? false : { [keyword]: many(2, () => ({ $ref: `#/$defs/d${index - 1}` })) },
        ]),
      ),
    )
  it.each<Properties>([
    doubled("anyOf"),
    doubled("allOf"),
    object({ $ref: "#/$defs/a" }, { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } }),
    object({ $ref: "#/$defs/t" }, { t: { properties: { a: { $ref: "#/$defs/t" } }, required: ["a"] } }),
    object({ type: "string", minLength: 1e9 }),
    object({ type: "array", minItems: 1e9 }),
    object({ type: "string", pattern: "(?=a)" }),
    object({ type: "string", pattern: "^(((a{900})(b{900})){900})$" }),
    object({ $ref: "#/nowhere" }),
    object({ enum: [] }),
  ])("is not made where that takes too much, or cannot be: %j", (schema) => {
    assert.isUndefined(exampleOf(schema))
  })

  it("leaves out what is optional and leads in a circle", () => {
    const made = exampleOf(
      object({ $ref: "#/$defs/t" }, { t: { properties: { a: { $ref: "#/$defs/t" }, b: { type: "integer" } } } }),
    )
    assert.deepEqual(made, { x: { a: { a: {}, b: 1 }, b: 1 } })
  })
})
