import { assert, describe, it } from "@effect/vitest"
import type * as Schema from "effect/Schema"
import { shapeOf } from "../../../src/cli/generate/shapeOf.ts"
import { typeOf } from "../../../src/cli/generate/typeScriptTypes.ts"

const text = { type: "string" }
const size = { type: "object", properties: { size: { type: "number" } }, additionalProperties: false }
const name = { type: "object", properties: { name: text }, required: ["name"], additionalProperties: false }

/** A type in one line. */
const typeIn = (schema: Schema.Json) => typeOf(shapeOf(schema), "Own").replaceAll(/\s+/g, " ").trim()

describe("the type of a JSON Schema", () => {
  it.each<readonly [Schema.Json, string]>([
    [true, "any"],
    [{}, "any"],
    [false, "never"],
    [text, "string"],
    [{ type: "string", allOf: [{ pattern: "^a" }, { minLength: 1 }] }, "string"],
    [{ type: "integer", minimum: 1 }, "number"],
    [{ type: ["string", "null"] }, "string | null"],
    [{ type: ["integer", "number"] }, "number"],
    [{ const: "a" }, `"a"`],
    [{ const: null }, "null"],
    [{ type: "string", enum: ["a", `b"c`] }, `"a" | "b\\"c"`],
    [{ enum: [1, true, null] }, "1 | true | null"],
    [{ type: "object", enum: [{ a: 1 }] }, "{ readonly [name: string]: any }"],
    [{ type: "array", items: text }, "ReadonlyArray<string>"],
    [{ type: "array" }, "ReadonlyArray<any>"],
    [{ items: { enum: ["a", "b"] } }, `ReadonlyArray<"a" | "b">`],
    [{ type: "array", prefixItems: [text], minItems: 1, items: text }, "readonly [string, ...ReadonlyArray<string>]"],
    [
      { type: "array", prefixItems: [text, { enum: [1, 2] }], minItems: 1, items: false },
      "readonly [string, (1 | 2)?]",
    ],
    [{ type: "array", prefixItems: [text], minItems: 1, maxItems: 1 }, "readonly [string]"],
    [{ type: "array", prefixItems: [text], minItems: 1 }, "readonly [string, ...ReadonlyArray<any>]"],
    [size, "{ readonly size?: number }"],
    [name, "{ readonly name: string }"],
    [{ properties: { a: text } }, "{ readonly a?: string readonly [name: string]: any }"],
    [{ type: "object", additionalProperties: text }, "{ readonly [name: string]: string }"],
    [
      { type: "object", patternProperties: { "^a": text }, additionalProperties: false },
      "{ readonly [name: string]: string }",
    ],
    [{ type: "object", additionalProperties: false }, "{}"],
    [{ anyOf: [text, { type: "null" }] }, "string | null"],
    [{ anyOf: [text, text] }, "string"],
    [{ anyOf: [text, {}] }, "any"],
    [{ oneOf: [size, name] }, "| { readonly size?: number } | { readonly name: string }"],
    [{ ...size, anyOf: [{ required: ["size"] }, { minProperties: 2 }] }, "{ readonly size?: number }"],
    [{ allOf: [size, name] }, "{ readonly size?: number } & { readonly name: string }"],
    [{ allOf: [text, { anyOf: [{ const: "a" }, { const: "b" }] }] }, `string & ("a" | "b")`],
    [{ $ref: "#/$defs/One" }, "Own.One"],
    [{ $ref: "#/definitions/a~1b" }, "Own.a_b"],
    [{ $ref: "#" }, "any"],
    [{ $ref: "https://example.com/schema" }, "any"],
  ])("%j is %s", (schema, type) => {
    assert.strictEqual(typeIn(schema), type)
  })
})
