import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { JsonObject } from "../../src/protocol/JsonObject.ts"
import { Properties, TargetConfig } from "../../src/protocol/Resource.ts"

const nested = (depth: number): unknown => {
  let value: unknown = { leaf: true }
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value }
  return { value }
}

const cycle: Record<string, unknown> = { name: "it" }
cycle["self"] = [cycle]

const shared = { Key: "a", Value: "b" }

const shared40 = () => {
  let value: object = { leaf: true }
  for (let level = 0; level < 40; level++) value = { left: value, right: value }
  return value
}

const values: ReadonlyArray<readonly [what: string, make: () => unknown]> = [
  ["an empty object", () => ({})],
  ["one without a prototype", () => Object.assign(Object.create(null), { a: 1 })],
  ["each kind of value", () => ({ a: null, b: true, c: 1.5, d: "text", e: [1, [null]], f: { g: [] } })],
  ["the same object twice", () => ({ first: shared, second: [shared] })],
  ["100,000 levels", () => nested(100_000)],
  ["one value in two to the 40th places", () => shared40()],
  ["a cycle", () => cycle],
  ["an array", () => [1]],
  ["undefined", () => undefined],
  ["null", () => null],
  ["an object with undefined in it", () => ({ a: { b: undefined } })],
  ["an array with a hole", () => ({ a: Object.assign([1], { length: 3 }) })],
  ["NaN", () => ({ a: [Number.NaN] })],
  ["an infinite number", () => ({ a: { b: Number.POSITIVE_INFINITY } })],
  ["a big integer", () => ({ a: 1n })],
  ["a date", () => ({ a: { at: new Date(0) } })],
  ["a map", () => new Map([["a", 1]])],
  ["a function", () => ({ a: () => 1 })],
]

describe("a JSON object", () => {
  it.effect.each(values)("is accepted or refused as by Schema.JsonObject, with the same message: %s", ([, make]) =>
    Effect.gen(function* () {
      const value = make()
      for (const codec of [Schema.decodeUnknownEffect, Schema.encodeUnknownEffect]) {
        const [ours, theirs] = yield* Effect.all([
          Effect.result(codec(JsonObject)(value)),
          Effect.result(codec(Schema.JsonObject)(value)),
        ])
        assert.strictEqual(ours._tag, theirs._tag)
        if (ours._tag === "Failure" && theirs._tag === "Failure") {
          assert.strictEqual(ours.failure.message, theirs.failure.message)
        }
        if (ours._tag === "Success" && theirs._tag === "Success") {
          assert.sameMembers(Object.keys(ours.success), Object.keys(theirs.success))
        }
      }
    }),
  )

  it("is not copied", () => {
    const value = { a: { b: [1] } }
    assert.strictEqual(Schema.decodeSync(JsonObject)(value), value)
  })

  it("is an object to a JSON Schema, where a plugin nests it", () => {
    assert.deepEqual(Schema.toJsonSchemaDocument(Properties).schema, { type: "object" })
    assert.deepEqual(Schema.toJsonSchemaDocument(TargetConfig).schema, { type: "object" })
  })

  it("crosses the wire unchanged", () => {
    const wire = Schema.toCodecJson(Schema.Struct({ properties: JsonObject }))
    const value = { properties: { a: [1, { b: null }] } }
    assert.deepEqual(Schema.decodeSync(wire)(Schema.encodeSync(wire)(value)), value)
  })
})
