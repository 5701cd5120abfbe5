import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import { isWhole } from "../../shortForm.ts"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { migrations } from "../../../src/agent/store/migrations.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"
import { checkWritten, type Kept, killedAfter } from "./killedWriter.ts"

const killings = isWhole ? 1000 : 10
const maxReceipts = 120

/** The same numbers each time, so that a failure can be reproduced. */
const seeded = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Opens the file as a command does, and reads everything in it. */
const opensAndReads = (file: string) =>
  Effect.gen(function* () {
    const journal = yield* OperationJournal
    const inventory = yield* Inventory
    yield* journal.listOpen()
    return (yield* inventory.list()).length
  }).pipe(
    Effect.provide(
      Layer.mergeAll(OperationJournal.layer, Inventory.layer).pipe(
        Layer.provide(Layer.fresh(Store.layerFile(file))),
        Layer.provide(NodeServices.layer),
      ),
    ),
  )

describe("a writer that is killed at random", () => {
  it.live(
    `loses nothing that it has a receipt for, and leaves no partial write (${killings} times on one file)`,
    () =>
      Effect.gen(function* () {
        const file = join(yield* temporaryFolder, "state.db")
        const random = seeded(20_260_203)
        let kept: Kept = new Map()
        let written = 0
        for (let run = 0; run < killings; run++) {
          const { receipts, stderr } = yield* killedAfter(file, run, 1 + random(maxReceipts))
          assert.strictEqual(stderr, "", `run ${run}`)
          written += receipts.length
          // Half of the runs are checked as they were left, half after a command has opened the file.
          if (run % 2 === 0) yield* opensAndReads(file)
          kept = checkWritten(file, run, receipts, kept)
          assert.strictEqual(yield* opensAndReads(file), kept.size)
        }
        assert.isAbove(written, killings * 20, "most were killed while they wrote")
      }),
    3_600_000,
  )

  it.live(
    "as it makes the file, leaves a file that opens",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        for (let run = 0; run < (isWhole ? 200 : 5); run++) {
          const file = join(folder, `state-${run}.db`)
          const { receipts } = yield* killedAfter(file, run, 1)
          yield* opensAndReads(file)
          checkWritten(file, run, receipts, new Map())
        }
      }),
    3_600_000,
  )
})

describe("writers that make one file at once", () => {
  it.live(
    "all write, one after another, and none blocks another for ever",
    () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        for (let round = 0; round < (isWhole ? 50 : 4); round++) {
          const file = join(folder, `${round}`, "state.db")
          const all = yield* Effect.forEach([0, 1, 2, 3, 4], (run) => killedAfter(file, run, 12), {
            concurrency: "unbounded",
          })
          assert.deepEqual(
            all.map(({ stderr }) => stderr),
            ["", "", "", "", ""],
          )
          yield* opensAndReads(file)
          const database = new DatabaseSync(file, { readOnly: true })
          const steps = database.prepare("SELECT migration_id FROM formae_migrations").all()
          database.close()
          assert.lengthOf(steps, Object.keys(migrations).length)
        }
      }),
    3_600_000,
  )
})
