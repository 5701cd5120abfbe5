import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cutOffImport, cutOffQuery, stepsOfImport, stepsOfQuery } from "./importCutOff.ts"

describe("P3: an agent that dies at any step of an import", () => {
  it.live("has imported all or nothing; the same import finishes it, and a document without it deletes nothing", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOfImport
      const again = yield* Effect.forEach(steps, (step) => cutOffImport(step, true))
      assert.sameMembers([...new Set(again)], [0, 2], steps.join("\n"))
      // Once the care of the document counts, it is written.
      const unwritten = steps.filter((step) => !/^care of .*, after/.test(step))
      yield* Effect.forEach(unwritten, (step) => cutOffImport(step, false))
    }),
  )

  it.live("is finished by the same query, also where it died between the state and the document", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(yield* stepsOfQuery, cutOffQuery)
    }),
  )
})
