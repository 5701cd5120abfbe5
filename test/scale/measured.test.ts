/** What docs/scale.md is calculated from, in its short form: counts, and no times. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { placementOf } from "../../scripts/scale/placement.ts"
import { measureFile } from "../../scripts/scale/measureFile.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"

describe("documents on the runners of a cluster", () => {
  const formae = Array.from({ length: 1_000 }, (_, index) => `document-${index}`)

  it("are each on one of them, none has none, and some stay when another one comes", () => {
    for (const runners of [1, 3, 5, 10]) {
      const { documents, moved } = placementOf(runners, formae)
      assert.lengthOf(documents, runners)
      assert.strictEqual(
        documents.reduce((sum, one) => sum + one),
        formae.length,
      )
      assert.isAbove(documents[0] ?? 0, 0)
      assert.isBelow(moved, formae.length)
    }
  })
})

describe("a state of more rows than a page", () => {
  it.live("has two rows for each resource, and is listed page by page", () =>
    Effect.gen(function* () {
      const count = 100
      const { commands, tables } = yield* measureFile(yield* temporaryFolder, count)
      const rowsOf = (name: string) => tables.find(({ table }) => table === name)?.rows
      assert.deepEqual(["resources", "operations", "commands"].map(rowsOf), [count, count, 1])
      for (const { command, most, transactions } of commands) {
        assert.isBelow(transactions, count, command)
        // What the store gives is let go page by page, also where what is made of it is held, as in a plan.
        assert.isBelow(most, count, command)
      }
    }),
  )
})
