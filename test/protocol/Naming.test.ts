import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Naming } from "../../src/protocol/Naming.ts"

const rule = { property: "Name", letters: "any", separator: "-", maxLength: 63 }
const ending = (text: string) => [{ property: "Fifo", value: true, ending: text }]

describe("a rule for names", () => {
  it.effect("has only printable ASCII in what it puts into a name", () =>
    Effect.gen(function* () {
      const decode = Schema.decodeUnknownEffect(Naming)
      yield* decode({ ...rule, separator: "", prefix: "db~ ", endings: ending(".fifo") })
      for (const text of ["\u001b", "\n", "\u00e9", "\u202e"]) {
        for (const fields of [{ separator: text }, { prefix: text }, { endings: ending(text) }, { reserved: [text] }]) {
          const { message } = yield* Effect.flip(decode({ ...rule, ...fields }))
          assert.include(message, "Expected only printable ASCII characters", JSON.stringify(fields))
        }
      }
    }),
  )
})
