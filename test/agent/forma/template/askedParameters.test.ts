/** Who is asked for a parameter without a value, and when. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { DocumentInputs, MissingParameter } from "../../../../src/agent/forma/template/DocumentInputs.ts"
import { documentOf, evaluated, mistakesIn } from "./template.ts"

const text = documentOf(
  "{ A: { $param: size }, B: { $param: key }, C: { $param: home } }",
  "parameters:",
  "  size: { type: integer, max: 9 }",
  "  key: { type: string, secret: true, pattern: '[a-z]+' }",
  "  home: { type: string, default: { $env: PLACE } }",
)

/** Somebody who gives these answers, whatever they are worth. */
const answering = (answers: Readonly<Record<string, string>>, seen: Array<MissingParameter> = []): DocumentInputs => ({
  variable: () => "here",
  ask: (missing) =>
    Effect.sync(() => {
      seen.push(...missing)
      return missing.flatMap(({ name }) => {
        const value = answers[name]
        return value === undefined ? [] : [{ name, value, isText: true, from: "the test" }]
      })
    }),
})

const unasked: DocumentInputs = { variable: () => "here", ask: () => Effect.die("asked") }

describe("a parameter that is given no value", () => {
  it.effect("is asked for, with what its answers may be", () =>
    Effect.gen(function* () {
      const seen: Array<MissingParameter> = []
      const inputs = answering({ size: " 7 ", key: "canary" }, seen)
      assert.deepEqual<unknown>(yield* evaluated(text, inputs), { A: 7, B: { $secret: "canary" }, C: "here" })
      assert.deepEqual(
        seen.map(({ name, objectionTo, type }) => [name, type, objectionTo("12"), objectionTo("seven")]),
        [
          ["size", "integer", "is more than 9; write a smaller one", "is not an integer, such as 3"],
          ["key", "string", "does not match the pattern [a-z]+; write one that does", undefined],
        ],
      )
    }),
  )

  it.effect("is asked for by itself where others have one", () =>
    Effect.gen(function* () {
      const seen: Array<MissingParameter> = []
      yield* evaluated(text, { ...answering({ key: "canary" }, seen), parameters: { size: 1 } })
      assert.deepEqual(
        seen.map(({ name }) => name),
        ["key"],
      )
    }),
  )

  it.effect("is refused after a wrong answer, or none", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* mistakesIn(text, answering({ size: "seven", key: "canary" })), [
        "7:3 parameters.size: the value from the test is not an integer, such as 3",
      ])
      assert.deepEqual(yield* mistakesIn(text, answering({ size: "7" })), [
        "8:3 parameters.key: the parameter key has no value",
      ])
    }),
  )

  it.effect("is not asked for where something that is known already is wrong", () =>
    Effect.gen(function* () {
      const given = (name: string, value: string) => ({
        ...unasked,
        permit: () => Effect.die("the gate asked"),
        given: () => Effect.succeed([{ name, value, isText: true, from: "the test" }]),
      })
      assert.deepEqual(yield* mistakesIn(text, given("size", "seven")), [
        "7:3 parameters.size: the value from the test is not an integer, such as 3",
      ])
      assert.deepEqual(yield* mistakesIn(text, given("sizes", "7")), [
        "6:1 parameters: the document has no parameter sizes, for which there is a value from the test; did you mean size?",
      ])
      assert.deepEqual(yield* mistakesIn(text, { ...unasked, variable: () => undefined, parameters: { key: "key" } }), [
        "7:3 parameters.size: the parameter size has no value",
        '9:3 parameters.home: the environment has no variable PLACE; set it, or give it a default: { $env: PLACE, default: "..." }',
      ])
    }),
  )

  it.effect("is asked for after the document was permitted", () =>
    Effect.gen(function* () {
      const inputs: DocumentInputs<"no"> = { ...unasked, permit: () => Effect.fail("no") }
      assert.strictEqual(yield* Effect.flip(evaluated(text, inputs)), "no")
    }),
  )
})
