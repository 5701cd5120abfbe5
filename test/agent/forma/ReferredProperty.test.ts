import { assert, describe, it } from "@effect/vitest"
import { objectionToReference } from "../../../src/agent/forma/ReferredProperty.ts"
import type { TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { thing } from "../plan/capabilities.ts"

const described: TypeCapabilities = {
  ...thing,
  schema: {
    $defs: { Options: { type: "object", properties: { In: { type: "string" } }, additionalProperties: false } },
    type: "object",
    properties: {
      Name: { type: "string" },
      Size: { anyOf: [{ type: "number" }, { type: "string", enum: ["NaN"] }] },
      Options: { $ref: "#/$defs/Options" },
      List: { type: "array", items: { type: "string" } },
      Tags: { allOf: [{ type: "array", items: { type: "object" } }] },
      Id: {},
    },
  },
}

const objectionTo = (path: string, inText = true) =>
  objectionToReference(
    { label: "a", property: path.split("."), at: [], ...(inText && { inText: true as const }) },
    described,
  )

describe("a reference, checked against the type that it leads to,", () => {
  it.each(["Name", "Size", "Options.In", "Id", "Id.More", "Secret"])("may stand for %s in a text", (path) => {
    assert.isUndefined(objectionTo(path))
  })

  it("may lead to what the traits have and the schema has not, which may describe only what can be wanted", () => {
    const schema = { type: "object", properties: { Name: { type: "string" } }, additionalProperties: false }
    assert.isUndefined(objectionToReference({ label: "a", property: ["Id"], at: [] }, { ...thing, schema }))
  })

  it.each(["List", "Tags", "Options"])("may stand for %s as a whole, and not in a text", (path) => {
    assert.isUndefined(objectionTo(path, false))
    assert.strictEqual(
      objectionTo(path),
      `\${a.${path}} is ${path === "Options" ? "an object" : "a list"}, and only a string, a number or a boolean can be a part of a text; refer to a value inside it, or use $ref`,
    )
  })

  it.each([
    [
      "List.0",
      "List of a is a list, and a reference cannot lead into a list; refer to the whole list, or to another property",
    ],
    [
      "Tags.0.Value",
      "Tags of a is a list, and a reference cannot lead into a list; refer to the whole list, or to another property",
    ],
    ["Name.More", "Name of a has nothing inside that could be referred to; refer to a.Name"],
    ["Options.Inn", "Options of a has no Inn; did you mean In?"],
    ["Nane", "a is of the type Suite::Of::Thing, which has no property Nane; did you mean Name?"],
  ])("does not lead to %s", (path, message) => {
    assert.strictEqual(objectionTo(path), message)
    assert.strictEqual(objectionTo(path, false), message)
  })

  it("does not hang in a schema that leads to itself", () => {
    const round = {
      ...thing,
      schema: { properties: { Name: { $ref: "#/$defs/A" } }, $defs: { A: { $ref: "#/$defs/A" } } },
    }
    assert.isUndefined(objectionToReference({ label: "a", property: ["Name", "x"], at: [], inText: true }, round))
  })
})
