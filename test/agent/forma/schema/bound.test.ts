import { assert, describe, it } from "@effect/vitest"
import { makeSchemaCheck } from "../../../../src/agent/forma/SchemaCheck.ts"
import { linearPattern } from "../../../../src/agent/forma/schema/linearPattern.ts"
import { defaultWorkLimits } from "../../../../src/agent/forma/schema/Work.ts"
import { formatPath } from "../../../../src/protocol/Issue.ts"
import type { Properties } from "../../../../src/protocol/Resource.ts"

const check = makeSchemaCheck(linearPattern)

/** With a tenth of the work: what does not count its work is not given up with this one either. */
const checkLess = makeSchemaCheck(linearPattern, {
  ...defaultWorkLimits,
  reserve: 20_000,
  perValue: 50,
  perCharacter: 1,
})
const many = <A>(count: number, make: (index: number) => A): Array<A> =>
  Array.from({ length: count }, (_, index) => make(index))

/** Asks for 2^40 checks of one text. */
const doubled = (keyword: string): Properties => ({
  properties: { x: { $ref: "#/$defs/d40" } },
  $defs: Object.fromEntries(
    many(41, (index) => [
      `d${index}`,
      index === 0 ? { type: "string" } : { [keyword]: many(2, () => ({ $ref: `#/$defs/d${index - 1}` })) },
    ]),
  ),
})

const nested = (depth: number): Properties => {
  let value: Properties = {}
  for (let index = 0; index < depth; index += 1) value = { x: value }
  return value
}

/** An object of so many properties. */
const wide = <A>(count: number, value: A): Record<string, A> =>
  Object.fromEntries(many(count, (index) => [`k${index}`, value]))

/** Applies one schema 3000 times to the same value. */
const repeated = (schema: Properties): Properties => ({
  properties: { x: { allOf: many(3000, () => ({ $ref: "#/$defs/one" })) } },
  $defs: { one: schema },
})

const item = { anyOf: many(2, () => ({ items: { $ref: "#/$defs/item" } })) }

describe("P15: a schema that asks for more than can be done", () => {
  it.each<readonly [string, Properties, Properties, string]>([
    ["anyOf doubled 40 times", doubled("anyOf"), { x: 1 }, "x"],
    ["allOf doubled 40 times", doubled("allOf"), { x: "a" }, "x"],
    ["oneOf doubled 40 times", doubled("oneOf"), { x: 1 }, "x"],
    ["a schema that is itself", { $ref: "#" }, { x: 1 }, ""],
    [
      "two that are each other",
      { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
      {},
      "",
    ],
    ["a circle of $dynamicRef", { $dynamicAnchor: "a", $dynamicRef: "#a" }, {}, ""],
    [
      "a circle in an anyOf",
      { properties: { x: { $ref: "#/$defs/a" } }, $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { type: "null" }] } } },
      { x: 1 },
      "x",
    ],
    [
      "a schema as deep as it likes",
      { properties: { x: many(10_000, () => 0).reduce<Properties>((not) => ({ not }), {}) } },
      { x: 1 },
      "x",
    ],
    [
      "a pattern of a thousand states",
      { properties: { x: { pattern: "^(?:[ab]*a[ab]{900}c|[ab]*b[ab]{800}d)$" } } },
      { x: "ab".repeat(100_000) },
      "x",
    ],
    [
      "a great enum for each of many items",
      { properties: { x: { items: { enum: many(10_000, (index) => index + 0.5) } } } },
      { x: many(10_000, (index) => index) },
      "x",
    ],
    [
      "alternatives at each of many levels",
      { properties: { x: { $ref: "#/$defs/item" } }, $defs: { item: { ...item, maxItems: 1 } } },
      { x: many(30, () => 0).reduce<Array<unknown>>((inner) => [inner], [1, 2]) as never },
      "x",
    ],
    ["many types", repeated({ type: many(3000, () => "object") }), { x: {} }, "x"],
    ["many dependent schemas", repeated({ dependentSchemas: wide(3000, true) }), { x: {} }, "x"],
    ["many dependent fields", repeated({ dependentRequired: wide(3000, []) }), { x: {} }, "x"],
    ["many dependencies", repeated({ dependencies: wide(3000, true) }), { x: {} }, "x"],
    ["many patterns of names", repeated({ patternProperties: wide(3000, true) }), { x: {} }, "x"],
    [
      "patterns of names that RE2 does not have",
      repeated({ patternProperties: Object.fromEntries(many(100, (index) => [`(?=a)${index}`, true])) }),
      { x: { a: 1 } },
      "x",
    ],
    ["keywords that look for a few of many fields", repeated({ properties: {} }), { x: wide(3000, 1) }, "x"],
    ["keywords that look at a few of many items", repeated({ prefixItems: [] }), { x: many(3000, () => 1) }, "x"],
  ])("is given up where the work ends: %s", (_, schema, value, place) => {
    const { givenUpAt } = checkLess(schema, value)
    assert.isTrue(
      givenUpAt !== undefined && formatPath(givenUpAt).startsWith(place),
      formatPath(givenUpAt ?? ["not given up"]),
    )
  })

  it("is given up for a value that is as deep as it likes", () => {
    const schema: Properties = { properties: { x: { $ref: "#" } } }
    assert.lengthOf(check(schema, nested(100_000)).givenUpAt ?? [], defaultWorkLimits.depth / 2)
    assert.isUndefined(check(schema, nested(100)).givenUpAt)
  })

  it("is given up for a value that is compared as deep as it likes", () => {
    assert.deepEqual(check({ const: nested(100_000) }, nested(100_000)).givenUpAt, [])
    assert.deepEqual(check({ properties: { x: { uniqueItems: true } } }, { x: [nested(100_000), 1] }).givenUpAt, ["x"])
  })

  it.each(["\\p{L}", "[^a]{999}", "(?:[^a]{9}){99}"])("has few of its patterns compiled: many of %s", (part) => {
    const tried: Array<string> = []
    const counted = makeSchemaCheck((pattern) => {
      tried.push(pattern)
      return linearPattern(pattern)
    })
    const patterns = many(1000, (index) => ({ pattern: `^(?:${part.repeat(50)})?${index}$` }))
    counted({ properties: { x: { allOf: patterns } } }, { x: "" })
    assert.isBelow(tried.length, 50)
  })

  it("is not looked into below an $id of more than 500 characters, which each part would have again", () => {
    const under = ($id: string): Properties => ({ $id, properties: { x: { $id: "b", type: "string" } } })
    assert.lengthOf(check(under(`http://a/${"b".repeat(400)}/`), { x: 1 }).issues, 1)
    assert.deepEqual(check(under(`http://a/${"b".repeat(500)}/`), { x: 1 }), { issues: [], doubts: [] })
    const grown = { $id: `http://a/${"b".repeat(400)}/`, properties: { x: under(`${"c".repeat(200)}/`) } }
    assert.deepEqual(check(grown, { x: { x: 1 } }), { issues: [], doubts: [] })
  })

  it("leaves what was found before", () => {
    const schema = doubled("anyOf")
    const { givenUpAt, issues } = check({ ...schema, required: ["y"] }, { x: 1 })
    assert.deepEqual(givenUpAt, ["x"])
    assert.deepEqual(issues, [])
    const { issues: found } = check({ required: ["y"], ...schema }, { x: 1 })
    assert.deepEqual(
      found.map(({ message }) => message),
      ["is missing; write it here: y: ..."],
    )
  })

  it("has one bound for all its values, so that many of them cost no more than one", () => {
    const limits = { reserve: 1000, perValue: 1, perCharacter: 1, depth: 100 }
    const limited = makeSchemaCheck(linearPattern, limits)
    const schema: Properties = { items: { anyOf: many(240, () => false) }, properties: { x: { $ref: "#/items" } } }
    const givenUp = many(5, () => limited(schema, { x: 1 }).givenUpAt !== undefined)
    assert.deepEqual(givenUp, [false, false, false, true, true])
  })
})

describe("P15: a value that needs work", () => {
  it.each<readonly [string, Properties, Properties[string]]>([
    ["unique items", { uniqueItems: true }, many(100_000, (index) => ({ index }))],
    [
      "a pattern that doubles a backtracking engine at each character",
      { not: { pattern: "^(a+)+$" } },
      `${"a".repeat(100_000)}b`,
    ],
    ["a number far from its divisor", { items: { multipleOf: 1e-300 } }, many(1000, () => 1e300)],
    [
      "many items",
      { items: { properties: { k: { type: "string", pattern: "^[a-z]+$" } }, additionalProperties: false } },
      many(50_000, () => ({ k: "abc" })),
    ],
  ])("is checked to its end: %s", (_, schema, x) => {
    assert.deepEqual(check({ properties: { x: schema } }, { x }), { issues: [], doubts: [] })
  })

  it("says no more than one can read", () => {
    const items: Properties = { enum: many(1000, (index) => `v${index}`) }
    const { issues } = check({ properties: { x: { items } } }, { x: many(10_000, () => "x") })
    assert.lengthOf(issues, 100)
    assert.match(issues[0]?.message ?? "", /"v49" \| and 950 more; write one of these$/)
  })
})

describe("names of Object.prototype", () => {
  const names = ["__proto__", "toString", "constructor", "hasOwnProperty"]
  const parse = (text: string): Properties => JSON.parse(text)
  it.each(names)("are names like others: %s", (name) => {
    const schema = parse(`{"properties":{"${name}":{"type":"string"}},"additionalProperties":false}`)
    assert.deepEqual(check(schema, parse(`{"${name}":"a"}`)), { issues: [], doubts: [] })
    assert.deepEqual(check(schema, {}), { issues: [], doubts: [] })
    const wrong = check(schema, parse(`{"${name}":1}`)).issues
    assert.deepEqual(wrong, [{ path: [name], message: "Expected string; this is a number, so put it in quotes" }])
    assert.deepEqual(check({ properties: {}, additionalProperties: false }, parse(`{"${name}":1}`)).issues, [
      { path: [name], message: "there is no such field; take it out" },
    ])
    assert.lengthOf(check({ required: [name] }, {}).issues, 1)
    assert.lengthOf(check({ dependentRequired: { [name]: ["a"] } }, {}).issues, 0)
    assert.lengthOf(check({ not: { properties: {} } }, parse(`{"${name}":1}`)).issues, 1)
    assert.lengthOf(check({ not: parse(`{"${name}":1}`) }, {}).issues, 1)
  })
})
