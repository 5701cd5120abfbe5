import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { copyFileSync, readdirSync, writeFileSync } from "node:fs"
import { TrustRecords } from "../../../src/cli/trust/TrustRecords.ts"
import { ThisUser, thisUserOf } from "../../../src/cli/trust/ThisUser.ts"
import { files, makeFolder } from "./folder.ts"

const supply = { kind: "plugin", path: "/clone/.formae/plugins/it", sums: { "main.mjs": "a" } } as const

/** The records of a folder of the test. */
const open = Effect.map(makeFolder, ({ at, layer }) => ({
  at: (file: string) => at(`user/formae/trust/${file}`),
  use: <A, E>(run: (records: TrustRecords["Service"]) => Effect.Effect<A, E>) =>
    TrustRecords.use(run).pipe(Effect.provide(TrustRecords.layer.pipe(Layer.provideMerge(layer)))),
}))

describe("what a user has trusted", () => {
  it.live("is kept for each folder, also when many commands write at once", () =>
    Effect.gen(function* () {
      const { at, use } = yield* open
      const folders = Array.from({ length: 20 }, (_, index) => `/clones/${index}`)
      yield* Effect.forEach(folders, (folder) => use((records) => records.write(folder, [supply])), {
        concurrency: "unbounded",
      })
      const listed = yield* use((records) => records.list)
      assert.deepEqual(
        listed.map(({ folder }) => folder),
        folders.toSorted(),
      )
      assert.deepEqual((yield* use((records) => records.find("/clones/7")))?.supplies, [supply])
      assert.isUndefined(yield* use((records) => records.find("/clones")))
      assert.isTrue(yield* use((records) => records.remove("/clones/7")))
      assert.isFalse(yield* use((records) => records.remove("/clones/7")))
      assert.isUndefined(yield* use((records) => records.find("/clones/7")))
      assert.lengthOf(readdirSync(at(".")), folders.length - 1)
    }),
  )

  it.live("is that of the folder that a record names, not of one that its file was copied for", () =>
    Effect.gen(function* () {
      const { at, use } = yield* open
      yield* use((records) => records.write("/mine", [supply]))
      const [mine = ""] = readdirSync(at("."))
      yield* use((records) => records.write("/theirs", []))
      const theirs = readdirSync(at(".")).find((name) => name !== mine) ?? ""
      copyFileSync(at(mine), at(theirs))
      assert.isUndefined(yield* use((records) => records.find("/theirs")))
    }),
  )

  it.live("is not guessed where a record is damaged", () =>
    Effect.gen(function* () {
      const { at, use } = yield* open
      yield* use((records) => records.write("/mine", [supply]))
      const [mine = ""] = readdirSync(at("."))
      for (const text of ["", "{}", `{"version":2,"folder":"/mine","since":0,"supplies":[]}`]) {
        writeFileSync(at(mine), text)
        const error = yield* Effect.flip(use((records) => records.find("/mine")))
        assert.strictEqual(error.reason, `${at(mine)} is not what formae has written`)
      }
    }),
  )

  it.live("is nothing for a user without a place for it, who cannot trust either", () =>
    Effect.gen(function* () {
      const homeless = Layer.succeed(ThisUser, thisUserOf({ environment: {}, uid: 1, platform: "linux" }))
      const use = <A, E>(run: (records: TrustRecords["Service"]) => Effect.Effect<A, E>) =>
        TrustRecords.use(run).pipe(Effect.provide(TrustRecords.layer.pipe(Layer.provide([homeless, files]))))
      assert.isUndefined(yield* use((records) => records.find("/mine")))
      assert.deepEqual(yield* use((records) => records.list), [])
      const error = yield* Effect.flip(use((records) => records.write("/mine", [supply])))
      assert.strictEqual(error.remedy, "Set HOME or XDG_STATE_HOME")
    }),
  )
})
