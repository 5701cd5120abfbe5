import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { selectionOf } from "../../src/cli/ResumeTarget.ts"
import { nameOf } from "../../src/cli/SettlementFlags.ts"

const composed = "caf\u00e9"
const decomposed = "cafe\u0301"

describe("the name of a document that is typed", () => {
  it.effect("is found in whichever way its accents are written", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* selectionOf(Option.some(decomposed)), { forma: composed })
      assert.deepEqual(nameOf({ label: decomposed, forma: Option.some(decomposed) }), {
        // A label is what the text of the document says.
        label: decomposed,
        forma: composed,
      })
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
