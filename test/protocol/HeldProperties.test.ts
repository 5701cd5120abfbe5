import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { areHeld, HeldProperties, heldLimits } from "../../src/protocol/HeldProperties.ts"
import { formatIssue, locateIssues } from "../../src/protocol/Issue.ts"

const { characters: maxPropertyCharacters } = heldLimits

const decode = Schema.decodeUnknownEffect(HeldProperties)

/** An object whose keys, texts and values come to so many characters. */
const ofCharacters = (count: number) => ({ ab: [null, 1, { c: "x".repeat(count - 9) }] })

describe("HeldProperties", () => {
  it.effect("P15: has so many characters, and not one more", () =>
    Effect.gen(function* () {
      yield* decode(ofCharacters(maxPropertyCharacters))
      const { issue } = yield* Effect.flip(decode(ofCharacters(maxPropertyCharacters + 1)))
      assert.deepEqual(locateIssues(issue).map(formatIssue), ["has more than 4194304 characters"])
    }),
  )

  it.effect("P15: counts keys, and values without a text", () =>
    Effect.gen(function* () {
      yield* Effect.flip(decode({ ["k".repeat(maxPropertyCharacters)]: 1 }))
      yield* Effect.flip(decode({ a: Array.from({ length: maxPropertyCharacters }, () => 0) }))
    }),
  )

  it.effect("takes no stack, and ends where values are in many places", () =>
    Effect.gen(function* () {
      let deep: Schema.Json = []
      for (let level = 0; level < 50_000; level++) deep = [deep]
      yield* decode({ deep })
      let wide: Schema.Json = []
      for (let level = 0; level < 60; level++) wide = [wide, wide]
      yield* Effect.flip(decode({ wide }))
    }),
  )

  it.effect("are looked at once where an answer is judged and encoded, and again where it is not the same", () =>
    Effect.gen(function* () {
      const encode = Schema.encodeEffect(HeldProperties)
      const seen = () => {
        let looks = 0
        return {
          properties: Object.defineProperty({}, "a", { enumerable: true, get: () => ++looks }),
          looks: () => looks,
        }
      }
      const [one, other] = [seen(), seen()]
      assert.isTrue(areHeld(one.properties))
      yield* encode(one.properties)
      assert.strictEqual(one.looks(), 1)
      yield* encode(one.properties)
      assert.strictEqual(one.looks(), 2)
      assert.isTrue(areHeld(one.properties))
      yield* encode(other.properties)
      assert.strictEqual(other.looks(), 1)
    }),
  )

  it.effect("that were judged too large are refused where they are encoded", () =>
    Effect.gen(function* () {
      const large = ofCharacters(maxPropertyCharacters + 1)
      assert.isFalse(areHeld(large))
      yield* Effect.flip(Schema.encodeEffect(HeldProperties)(large))
    }),
  )
})
