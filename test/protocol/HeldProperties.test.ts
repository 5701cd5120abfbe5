import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HeldProperties, heldLimits } from "../../src/protocol/HeldProperties.ts"
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
})
