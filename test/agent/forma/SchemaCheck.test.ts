import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { FormaDocument, FormaResource } from "../../../src/agent/forma/FormaDocument.ts"
import { checkTypes } from "../../../src/agent/forma/TypeCheck.ts"
import { formatExamples } from "../../../src/agent/forma/schema/formatExamples.ts"
import { formatNames, isInFormat } from "../../../src/agent/forma/schema/formats.ts"
import { linearPattern } from "../../../src/agent/forma/schema/linearPattern.ts"
import { makeSchemaCheck } from "../../../src/agent/forma/SchemaCheck.ts"
import { deleted, succeeded } from "../../../src/plugin/Answer.ts"
import * as Property from "../../../src/plugin/Property.ts"
import { defineResource } from "../../../src/plugin/ResourceDefinition.ts"
import { Namespace } from "../../../src/protocol/Identity.ts"
import { formatIssue } from "../../../src/protocol/Issue.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"

const check = makeSchemaCheck(linearPattern)
const sentences = (schema: Properties, value: Properties, references: ReadonlyArray<ReadonlyArray<string>> = []) =>
  check(schema, value, references).issues.map(formatIssue)

const canary = "canary-77"

const { capabilities } = defineResource({
  type: "Suite::Of::Thing",
  idempotency: "name",
  target: Schema.Struct({ region: Schema.NonEmptyString, retries: Schema.optionalKey(Schema.Int) }),
  properties: Schema.Struct({
    Name: Property.createOnly(
      Schema.String.check(
        Schema.isMinCodePoints(2),
        Schema.isPattern(/^[a-z]+$/u, { message: "Expected small letters" }),
      ),
    ),
    On: Schema.optionalKey(Schema.Boolean),
    Tags: Schema.optionalKey(
      Schema.Array(Schema.Struct({ Key: Schema.String, Value: Schema.optionalKey(Schema.String) })),
    ),
    Mode: Schema.optionalKey(Schema.Literals(["fast", "slow"])),
    Form: Schema.optionalKey(
      Schema.Union([Schema.Struct({ side: Schema.Int }), Schema.Struct({ radius: Schema.Int, colour: Schema.String })]),
    ),
    Id: Property.output(Schema.Int),
  }),
  create: () => Effect.succeed(succeeded({ nativeId: "a", properties: {} })),
  read: () => Effect.succeed({}),
  delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
})

const objections = (properties: Properties, config?: Properties) => {
  const resource = (label: string, given: Properties): FormaResource => ({
    label,
    type: capabilities.type,
    target: "here",
    properties: given,
  })
  const forma: FormaDocument = {
    targets: {
      here: { namespace: Namespace.make("Suite"), ...(config === undefined ? {} : { config }) },
      idle: { namespace: Namespace.make("Suite"), config: { what: "ever" } },
    },
    resources: [resource("other", { Name: "other" }), resource("it", properties)],
  }
  return checkTypes(
    forma,
    () => capabilities,
    () => [],
    check,
  ).issues.map(formatIssue)
}

const here = { region: "r" }
const ref = { $ref: "other.Id" }

describe("the values of properties", () => {
  it("are checked by the schema of the plugin, all at once, and are not shown", () => {
    const found = objections(
      { Name: "A", On: canary, Mode: canary, Tags: [{ Key: "a" }, { Key: 1, Vlaue: canary }, canary], Id: canary },
      here,
    )
    assert.sameMembers(found, [
      "resources[1].properties.Id: Id is set by the provider and cannot be given; take it out",
      "resources[1].properties.Name: Expected a string with at least 2 characters; write a longer one",
      "resources[1].properties.Name: Expected small letters",
      "resources[1].properties.On: Expected boolean; this is a string, so write true or false, without quotes",
      `resources[1].properties.Mode: Expected "fast" | "slow"; write one of these`,
      "resources[1].properties.Tags[1].Key: Expected string; this is a number, so put it in quotes",
      "resources[1].properties.Tags[1].Vlaue: there is no such field; did you mean Value?",
      "resources[1].properties.Tags[2]: Expected object; this is a string, so write its fields: { name: ... }",
    ])
    assert.notInclude(found.join("\n"), canary)
  })

  it.each<readonly [Properties, ReadonlyArray<string>]>([
    [{ Name: ref, On: ref, Mode: ref, Tags: ref, Form: ref }, []],
    [{ Name: "ab", Tags: [ref, { Key: ref, Value: ref }] }, []],
    [
      { Name: "ab", Tags: [{ Key: ref, Value: 1 }] },
      ["resources[1].properties.Tags[0].Value: Expected string; this is a number, so put it in quotes"],
    ],
    [
      { Name: "ab", Tags: [{ Key: "a", Vlaue: ref }] },
      ["resources[1].properties.Tags[0].Vlaue: there is no such field; did you mean Value?"],
    ],
    // Which form is meant is not known before the reference is.
    [{ Name: "ab", Form: { radius: ref, colour: "red" } }, []],
  ])("are not checked if they are references: %j", (properties, expected) => {
    assert.deepEqual(objections(properties, here), expected)
  })

  it.each<readonly [Properties, Properties]>([
    [{ properties: { a: { pattern: "(" } } }, { a: "b" }],
    [{ properties: { a: { not: { pattern: "(?=b)" } } } }, { a: "b" }],
    [{ patternProperties: { "(?=b)": false } }, { b: 1 }],
    [{ patternProperties: { "(?=b)": {} }, additionalProperties: false }, { b: 1 }],
    [{ patternProperties: { "(?=b)": {} }, unevaluatedProperties: false }, { b: 1 }],
    [{ $ref: "https://example.com/another" }, { a: 1 }],
    [{ $schema: "http://json-schema.org/draft-07/schema#", properties: { a: false } }, { a: 1 }],
    [{ properties: { a: { type: "text", minLength: "2", enum: 3, anyOf: [], required: "a", items: [] } } }, { a: [] }],
    [{}, { a: 1 }],
  ])("are left to the plugin where the schema cannot be used: %j", (schema, value) => {
    assert.deepEqual(check(schema, value), { issues: [], doubts: [] })
  })

  it("are checked where the rest of the schema can be used", () => {
    const schema: Properties = { properties: { a: { pattern: "(" }, b: { type: "string" } } }
    assert.deepEqual(sentences(schema, { a: "b", b: 1 }), ["b: Expected string; this is a number, so put it in quotes"])
  })
})

describe("a value with references", () => {
  // As text, because an object with a `then` would pass for a promise.
  const branches = (then: string): Properties =>
    JSON.parse(`{
      "if": { "properties": { "Mode": { "const": "fast" } } },
      "then": ${then},
      "else": { "properties": { "Speed": false } }
    }`)
  const fast = branches(`{ "required": ["Speed"] }`)
  it.each<readonly [string, Properties, Properties, ReadonlyArray<string>, ReadonlyArray<string>]>([
    ["which branch is meant is not known", fast, { Mode: ref, Speed: 1 }, ["Mode"], []],
    ["it is known", fast, { Mode: "slow", Speed: ref }, ["Speed"], ["Speed: there is no such field; take it out"]],
    [
      "no branch allows it",
      branches("false"),
      { Mode: ref, Speed: 1 },
      ["Mode"],
      ["no value is allowed here; take it out"],
    ],
    ["it may be another value", { not: { properties: { a: { const: 1 } } } }, { a: ref }, ["a"], []],
    ["it may be the same", { enum: [{ a: 1 }] }, { a: ref }, ["a"], []],
    [
      "two are the same without it",
      { properties: { l: { uniqueItems: true } } },
      { l: [1, ref, 1] },
      ["l.1"],
      ["l: Expected an array with unique items; take out what is there twice"],
    ],
    [
      "it may be the same as another",
      { properties: { l: { not: { uniqueItems: true } } } },
      { l: [1, ref] },
      ["l.1"],
      [],
    ],
    ["it may be contained", { properties: { l: { contains: { const: 3 } } } }, { l: [1, ref] }, ["l.1"], []],
    [
      "it may have been evaluated",
      { anyOf: [{ properties: { a: { const: 1 }, b: true } }, true], unevaluatedProperties: false },
      { a: ref, b: 1 },
      ["a"],
      [],
    ],
  ])("is refused only if it is wrong for all that they may stand for: %s", (_, schema, value, references, expected) => {
    const paths = references.map((one) => one.split("."))
    assert.deepEqual(sentences(schema, value, paths), expected)
  })
})

describe("the sentence", () => {
  const side: Properties = {
    type: "object",
    properties: { side: { type: "integer" } },
    required: ["side"],
    additionalProperties: false,
  }
  const circle: Properties = {
    type: "object",
    properties: { radius: { type: "integer" }, colour: { type: "string" } },
    required: ["radius", "colour"],
    additionalProperties: false,
  }
  const form: Properties = { anyOf: [side, circle] }
  const kind = (name: string, field: string): Properties => ({
    properties: { kind: { enum: [name] }, [field]: { type: "integer" } },
    required: ["kind", field],
  })
  const kinds: Properties = { oneOf: [kind("a", "side"), kind("b", "radius")] }
  it.each<readonly [Properties, Properties[string], ReadonlyArray<string>]>([
    [form, 3, ["x: Expected object; this is a number, so write its fields: { name: ... }"]],
    [form, { side: "x" }, ["x.side: Expected number; this is a string, so write a number, without quotes"]],
    [form, { radius: 1 }, ["x.colour: is missing; write it here: colour: ..."]],
    [form, {}, ["x: needs side, or radius and colour; add one of these"]],
    [kinds, { kind: "a", side: "x" }, ["x.side: Expected number; this is a string, so write a number, without quotes"]],
    [kinds, { kind: "c", side: 1 }, [`x.kind: Expected "a" | "b"; write one of these`]],
    [
      { oneOf: [{ type: "string" }, { minLength: 1 }] },
      "a",
      ["x: Expected a value of one form only, but 2 of the forms fit; take out what belongs to the others"],
    ],
    [{ type: ["string", "null"] }, 1, ["x: Expected string | null; this is a number, so put it in quotes"]],
    [{ type: "integer" }, 1.5, ["x: Expected an integer; this is a number, so write a number without decimals"]],
    [{ type: "string", enum: ["a"] }, 1, [`x: Expected "a"; write that`]],
    [{ const: { a: 1 } }, 1, ["x: Expected an object that the schema gives; write that"]],
    [{ allOf: [{ pattern: "^ami-", message: "Expected an image id" }] }, "b", ["x: Expected an image id"]],
    [{ allOf: [{ required: ["a"], message: "Need a" }] }, {}, ["x: Need a"]],
    [
      { pattern: `^${"a".repeat(400)}$` },
      "b",
      [`x: Expected a string matching the RegExp ^${"a".repeat(299)}…; write one that matches it`],
    ],
    [{ additionalProperties: false }, { a: 1 }, ["x.a: there is no such field; take it out"]],
    [{ unevaluatedItems: false }, [1], ["x[0]: there is no such item; take it out"]],
    [
      { dependentRequired: { a: ["b"] } },
      { a: 1 },
      ["x.b: is missing: a needs it; write it here: b: ..., or take a out"],
    ],
    [
      { propertyNames: { maxLength: 1 } },
      { ab: 1 },
      ["x.ab: this name is not allowed: Expected a string with at most 1 character; write a shorter one"],
    ],
    [{ maxItems: 1 }, [1, 2], ["x: Expected an array with at most 1 item; take out what is too much"]],
    [{ minProperties: 2 }, {}, ["x: Expected an object with at least 2 fields; add what is missing"]],
    [{ multipleOf: 0.1 }, 0.35, ["x: Expected a value that is a multiple of 0.1; write one that is"]],
    [{ enum: ["Enabled", "Suspended"] }, "enabled", [`x: Expected "Enabled" | "Suspended"; did you mean "Enabled"?`]],
    [{ type: "boolean" }, null, ["x: Expected boolean; this is empty (null), so write true or false, without quotes"]],
    [{ type: "array" }, "a", ["x: Expected array; this is a string, so write a list: [ ... ]"]],
    [
      { required: ["a"], properties: { a: { enum: ["on", "off"] } } },
      {},
      [`x.a: is missing; write it here: a: "on" (or "off")`],
    ],
    [
      { required: ["a"], properties: { a: { examples: ["eu-west-1"] } } },
      {},
      [`x.a: is missing; write it here: a: "eu-west-1"`],
    ],
    [{ required: ["a"], properties: { a: { type: "array" } } }, {}, ["x.a: is missing; write it here: a: [ ... ]"]],
    [
      { contains: { type: "string" } },
      [1],
      ["x: Expected at least 1 item of the kind that the schema says; add what is missing"],
    ],
  ])("says what is wrong: %j %j", (schema, x, expected) => {
    assert.deepEqual(sentences({ properties: { x: schema } }, { x }), expected)
  })
})

describe("a text that is not in its format", () => {
  it.each<readonly [Properties, Properties, ReadonlyArray<string>]>([
    [
      { properties: { x: { format: "date" } } },
      { x: "2030-02-29" },
      ["x: Expected the format date; write it as in 2030-01-31"],
    ],
    [{ properties: { x: { format: "date" } } }, { x: ref }, []],
    [{ properties: { x: { format: "color" } } }, { x: "?" }, []],
    [{ properties: { x: { anyOf: [{ format: "ipv4" }, { format: "ipv6" }] } } }, { x: "::1" }, []],
    [{ properties: { x: { not: { format: "ipv4" } } } }, { x: "::1" }, []],
    [
      { properties: { x: { format: "date", maxLength: 2 } } },
      { x: canary },
      ["x: Expected the format date; write it as in 2030-01-31"],
    ],
    [{ properties: { x: { format: "regex" } } }, { x: "(" }, ["x: Expected the format regex; write it as in ^[a-z]+$"]],
    [{ properties: { x: { format: "date" } } }, { x: "x".repeat(20_000) }, []],
  ])("is doubted, and not refused: %j %j", (schema, value, expected) => {
    const { doubts, issues } = check(schema, value, value["x"] === ref ? [["x"]] : [])
    assert.deepEqual(doubts.map(formatIssue), expected)
    assert.lengthOf(issues, value["x"] === canary ? 1 : 0)
  })
})

describe("the examples of formats", () => {
  it("are each in their own, and there is one for each format that is known", () => {
    const inOwn = Object.entries(formatExamples).filter(([format, text]) => !isInFormat(text, format))
    assert.deepEqual(inOwn, [])
    assert.sameMembers(Object.keys(formatExamples), [...formatNames])
  })
})

describe("the config of a target", () => {
  it.each<readonly [Properties | undefined, ReadonlyArray<string>]>([
    [here, []],
    [undefined, ["targets.here.config.region: is missing; write it here: region: ..."]],
    [
      { regoin: canary, region: "", retries: canary },
      [
        "targets.here.config.region: Expected a string with at least 1 character; write a longer one",
        "targets.here.config.retries: Expected number; this is a string, so write a number, without quotes",
        "targets.here.config.regoin: there is no such field; did you mean region?",
      ],
    ],
  ])("is checked once by the schema of the types that live there: %j", (config, expected) => {
    assert.deepEqual(objections({ Name: "ab" }, config), expected)
  })
})
