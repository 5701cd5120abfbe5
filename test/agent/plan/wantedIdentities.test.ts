/** Which things a plan asks its plugin about. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeAgent } from "./shelf.ts"

const boxes = { one: ["Numbered", "x"], two: ["Numbered", "y"] } as const
const labels = (first: string, second: string) =>
  ({ ...boxes, a: ["Named", { $ref: `${first}.Name` }], b: ["Named", { $ref: `${second}.Name` }] }) as const

describe("a plan asks which thing it is", () => {
  it.effect("of nothing whose references mean what they meant before", () =>
    Effect.gen(function* () {
      const { apply, plan, questions } = yield* makeAgent
      yield* apply("shop", labels("one", "two"))
      yield* questions
      assert.deepEqual(yield* plan("shop", labels("one", "two")), [
        "one noop planned",
        "two noop planned",
        "a noop planned",
        "b noop planned",
      ])
      assert.deepEqual(yield* questions, [])
    }),
  )

  it.effect("of what refers to something else, so that it sees two that have changed places", () =>
    Effect.gen(function* () {
      const { apply, plan, questions } = yield* makeAgent
      yield* apply("shop", labels("one", "two"))
      yield* questions
      assert.deepEqual(yield* plan("shop", labels("two", "one")), [
        "one noop planned",
        "two noop planned",
        "a noop planned from b",
        "b noop planned from a",
      ])
      assert.deepEqual((yield* questions).toSorted(), ["x", "y"])
    }),
  )

  it.effect("of what refers to a thing that has another label now, or another value", () =>
    Effect.gen(function* () {
      const { apply, plan, questions } = yield* makeAgent
      const named = (first: string, second: string) =>
        ({
          one: ["Open", first],
          two: ["Open", second],
          a: ["Named", { $ref: "one.Name" }],
          b: ["Named", { $ref: "two.Name" }],
        }) as const
      yield* apply("shop", named("x", "y"))
      yield* questions
      assert.deepEqual(yield* plan("shop", named("y", "x")), [
        "one noop planned from two",
        "two noop planned from one",
        "a noop planned from b",
        "b noop planned from a",
      ])
      assert.deepEqual((yield* questions).toSorted(), ["x", "x", "y", "y"])
    }),
  )
})
