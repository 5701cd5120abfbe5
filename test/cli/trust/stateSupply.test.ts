import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { existsSync, mkdirSync, realpathSync, statSync, symlinkSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { StateFileMade } from "../../../src/agent/store/StateFileMade.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { stateSupply } from "../../../src/cli/trust/stateSupply.ts"
import { makeFolder } from "./folder.ts"

/** The supplies of a folder whose state has these statements run in it. */
const withState = (...statements: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { at, layer } = yield* makeFolder
    mkdirSync(at(".formae"))
    const database = new DatabaseSync(at(".formae/state.db"))
    for (const statement of statements) database.exec(statement)
    database.close()
    const [supply] = yield* Effect.provide(stateSupply(realpathSync(at("."))), layer)
    return { at, details: supply === undefined ? [] : yield* supply.details }
  })

const columns = "kind TEXT, forma TEXT, label TEXT, settled INTEGER, started_at INTEGER"

describe("the state of a folder", () => {
  it.live("is shown with what is open in it, of which only the first are named", () =>
    Effect.gen(function* () {
      const { at, details } = yield* withState(
        `CREATE TABLE operations (${columns})`,
        "INSERT INTO operations VALUES ('Create', 'shop', 'done', 1, 0)",
        ...Array.from(
          { length: 12 },
          (_, at) => `INSERT INTO operations VALUES ('Delete', 'shop', 'r${at}', 0, ${at})`,
        ),
      )
      assert.lengthOf(details, 1)
      assert.match(details[0] ?? "", /: delete shop\/r0, delete shop\/r1, .*, delete shop\/r9 and 2 more$/)
      // It was not opened where it is.
      assert.deepEqual(
        ["-wal", "-shm", ".lock"].filter((end) => existsSync(at(`.formae/state.db${end}`))),
        [],
      )
    }),
  )

  it.live("is shown in a few lines, whatever the labels are", () =>
    Effect.gen(function* () {
      const { details } = yield* withState(
        `CREATE TABLE operations (${columns})`,
        "INSERT INTO operations VALUES ('Create', 'shop', hex(zeroblob(500000)), 0, 0)",
      )
      assert.match(details[0] ?? "", /: create shop\/0{188}… \(1000012 characters\)$/)
    }),
  )

  it.live("is not read where reading it would run what somebody wrote", () =>
    Effect.gen(function* () {
      const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
      const cannot = ["its open operations cannot be read"]
      const view = `CREATE VIEW operations AS SELECT 'a' kind, 'b' forma, 'c' label, 0 settled, i started_at FROM (${endless})`
      assert.deepEqual((yield* withState(view)).details, cannot)
      const computed = `CREATE TABLE operations (${columns}, more TEXT GENERATED ALWAYS AS (hex(zeroblob(1e9))))`
      assert.deepEqual((yield* withState(computed)).details, cannot)
      assert.deepEqual((yield* withState("CREATE TABLE other (a)")).details, cannot)
    }),
  )

  it.live("is nothing to trust while it is empty, and is known before anything is written to it", () =>
    Effect.gen(function* () {
      const { at, layer } = yield* makeFolder
      const folder = realpathSync(at("."))
      const sizes: Array<number> = []
      const suppliesThen: Array<number> = []
      const made = (file: string) =>
        Effect.gen(function* () {
          sizes.push(statSync(file).size)
          suppliesThen.push((yield* stateSupply(folder)).length)
        }).pipe(Effect.provide(layer))
      const open = (openStore: typeof Store.layerFile) =>
        Effect.void.pipe(
          Effect.provide(
            Layer.fresh(openStore(at(".formae/state.db"))).pipe(
              Layer.provide([layer, Layer.succeed(StateFileMade, made)]),
            ),
          ),
        )
      // Nothing is made to look at a state.
      yield* open(Store.layerFileToRead)
      assert.deepEqual(sizes, [])
      yield* open(Store.layerFile)
      yield* open(Store.layerFile)
      assert.deepEqual([sizes, suppliesThen], [[0], [0]])
      assert.lengthOf(yield* Effect.provide(stateSupply(folder), layer), 1)
    }),
  )

  it.live("says where it really is, if a link leads out of the folder", () =>
    Effect.gen(function* () {
      const { at, layer, write } = yield* makeFolder
      write("prod/state.db", "of another folder")
      mkdirSync(at("clone/.formae"), { recursive: true })
      symlinkSync(at("prod/state.db"), at("clone/.formae/state.db"))
      const folder = realpathSync(at("clone"))
      const [supply] = yield* Effect.provide(stateSupply(folder), layer)
      const real = realpathSync(at("prod/state.db"))
      assert.strictEqual(supply?.path, real)
      assert.strictEqual(supply?.title, `the state ${real}, which ${folder}/.formae/state.db leads to`)
    }),
  )
})
