import { assert, describe, it } from "@effect/vitest"
import type * as Schema from "effect/Schema"
import { makeSchemaCheck } from "../../../../src/agent/forma/SchemaCheck.ts"
import { linearPattern } from "../../../../src/agent/forma/schema/linearPattern.ts"
import type { Properties } from "../../../../src/protocol/Resource.ts"

type Json = Schema.Json

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
const numbersFrom = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}

/** Makes schemas and values that are near enough to each other to agree about half of the time. */
const makeRandom = (seed: number) => {
  const next = numbersFrom(seed)
  const one = <A>(...all: ReadonlyArray<A>): A => all[Math.floor(next() * all.length)] as A
  const some = <A>(make: () => A): Array<A> => Array.from({ length: 1 + Math.floor(next() * 2) }, make)
  const scalar = (): Json => one<Json>(1, 2, "a", "b", "", null, true)
  const value = (depth: number): Json =>
    one<() => Json>(
      scalar,
      () => (depth === 0 ? scalar() : some(() => value(depth - 1))),
      () => (depth === 0 ? scalar() : Object.fromEntries(some(() => [one("a", "b"), value(depth - 1)]))),
    )()
  const schema = (depth: number): Json => {
    if (depth === 0)
      return one<Json>(true, false, { type: one("string", "integer", "object", "array") }, { const: scalar() })
    const inner = () => schema(depth - 1)
    const named = () => Object.fromEntries(some(() => [one("a", "b"), inner()]))
    return Object.fromEntries(
      some((): readonly [string, Json] =>
        one<() => readonly [string, Json]>(
          () => ["type", one("string", "integer", "object", "array")],
          () => ["enum", some(() => value(1))],
          () => ["pattern", one("^a", "(?=a)")],
          () => ["minLength", 1],
          () => [one("maxItems", "minProperties", "maxProperties"), 1],
          () => ["uniqueItems", true],
          () => ["required", [one("a", "b")]],
          () => ["properties", named()],
          () => ["patternProperties", { [one("^a", "(?=b)")]: inner() }],
          () => [
            one("additionalProperties", "unevaluatedProperties", "unevaluatedItems", "items", "contains"),
            inner(),
          ],
          () => ["prefixItems", some(inner)],
          () => ["propertyNames", inner()],
          () => [one("allOf", "anyOf", "oneOf"), some(inner)],
          () => ["not", inner()],
          () => ["if", inner()],
          () => [one("then", "else"), inner()],
          () => ["dependentSchemas", named()],
          () => ["dependentRequired", { a: ["b"] }],
          () => ["$ref", one("#/$defs/x", "#", "https://example.com/x")],
          () => ["format", one("date", "ipv4")],
        )(),
      ),
    )
  }
  return { value, one, schema: (): Properties => ({ allOf: [schema(3), schema(3)], $defs: { x: schema(2) } }) }
}

const pathsIn = (value: Json, at: ReadonlyArray<string | number> = []): Array<ReadonlyArray<string | number>> =>
  typeof value === "object" && value !== null
    ? [
        at,
        ...Object.entries(value).flatMap(([key, inner]) =>
          pathsIn(inner, [...at, Array.isArray(value) ? Number(key) : key]),
        ),
      ]
    : [at]

const replace = (value: Json, [key, ...rest]: ReadonlyArray<string | number>, by: Json): Json => {
  if (key === undefined) return by
  if (Array.isArray(value)) return value.map((inner, index) => (index === key ? replace(inner, rest, by) : inner))
  return { ...(value as Properties), [key]: replace((value as Properties)[key] ?? null, rest, by) }
}

const check = makeSchemaCheck(linearPattern, { reserve: 1000, perValue: 200, perCharacter: 10, depth: 40 })

/** A pattern that is not run, and a schema that is elsewhere, stand for anything, also for these. */
const meanings = [
  { pattern: "b", elsewhere: false },
  { pattern: "^", elsewhere: true },
]

const withMeaning = (schema: Properties, { elsewhere, pattern }: (typeof meanings)[number]): string => {
  const text = JSON.stringify({ ...schema, $defs: { ...(schema["$defs"] as Properties), elsewhere } })
  return text.replaceAll(/"\(\?=.\)"/g, `"${pattern}"`).replaceAll("https://example.com/x", "#/$defs/elsewhere")
}

describe("what is found in a value with unknown parts", () => {
  it("is found whatever they are", () => {
    let found = 0
    for (let seed = 0; seed < 600; seed += 1) {
      const { one, schema, value } = makeRandom(seed)
      const [whole, given] = [schema(), { x: value(2), a: value(1) }]
      const at = one(...pathsIn(given).slice(1))
      const { issues } = check(whole, given, [at])
      if (issues.length === 0) continue
      found += 1
      const others: ReadonlyArray<Json> = [
        1,
        "a",
        "b",
        "",
        null,
        true,
        [],
        {},
        [1, 1],
        { a: 1 },
        { b: "a" },
        { a: 1, b: 2 },
      ]
      const meant = meanings.map((meaning) => withMeaning(whole, meaning))
      for (const other of others) {
        const filled = replace(given, at, other) as Properties
        for (const text of meant) {
          // Each schema anew: the work of a schema has one bound for all its values.
          const said = check(JSON.parse(text), filled)
          const shown = `seed ${seed}: ${JSON.stringify(whole)} with ${JSON.stringify(filled)} for ${at.join(".")}`
          if (said.givenUpAt === undefined) assert.isNotEmpty(said.issues, shown)
        }
      }
    }
    assert.isAbove(found, 100)
  })
})
