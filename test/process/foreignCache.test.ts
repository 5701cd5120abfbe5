/** Compiled code is used only if nobody else can have written it. */
import * as fs from "node:fs"
import { basename, join } from "node:path"
import { afterAll, assert, beforeEach, describe, it } from "@effect/vitest"
import { needs } from "../needs.ts"
import { makeBundleRuns, makeTemporary, startIn } from "../bundles/bundleRuns.ts"

const temporary = makeTemporary()
afterAll(() => fs.rmSync(temporary, { recursive: true }))

/** Where the program is, and the variables that it sees. */
let folder: string
let env: Readonly<Record<string, string>>
let caches: string
let cache: () => string
let files: () => ReadonlyArray<string>
let generations: () => ReadonlyArray<string>
beforeEach(() => {
  ;({ cache, caches, env, files, folder, generations } = makeBundleRuns(temporary))
})

const start = (...flags: ReadonlyArray<string>) => startIn(folder, env, ...flags)

describe("a cache that somebody else could have written", () => {
  // It is ignored like a damaged one: a cache that is used would not be replaced.
  it("is ignored and replaced, if others may write its files", () => {
    start()
    for (const file of files()) fs.chmodSync(file, 0o622)
    start()
    assert.deepEqual(generations(), ["1"])
    for (const file of files()) assert.strictEqual(fs.statSync(file).mode & 0o777, 0o600)
  })

  it.each(["formae", "formae/compiled", "its own"])(
    "is neither read nor written, if others may write its folder: %s",
    (which) => {
      start()
      fs.chmodSync(which === "its own" ? cache() : join(caches, which), 0o777)
      start()
      start()
      assert.deepEqual(generations(), ["1"])
    },
  )

  it.each(["formae", "formae/compiled", "its own"])("is neither read nor written through a link: %s", (which) => {
    start()
    const linked = which === "its own" ? cache() : join(caches, which)
    fs.renameSync(linked, join(caches, "elsewhere"))
    fs.symlinkSync(join(caches, "elsewhere"), linked)
    start()
    start()
    assert.deepEqual(generations(), ["1"])
  })

  it("is neither read nor written through links in place of its files", () => {
    start()
    const before = files().map((file) => {
      const elsewhere = join(caches, basename(file))
      fs.renameSync(file, elsewhere)
      fs.symlinkSync(elsewhere, file)
      return { file, elsewhere, bytes: fs.readFileSync(elsewhere) }
    })
    start()
    assert.deepEqual(generations(), ["1"])
    for (const { bytes, elsewhere, file } of before) {
      assert.isTrue(fs.lstatSync(file).isFile())
      assert.isTrue(fs.readFileSync(elsewhere).equals(bytes))
    }
  })

  describe("because it is another user's", needs("root, to give files away", process.getuid?.() === 0), () => {
    const other = 65_534

    it.each(["formae", "formae/compiled", "its own"])("is neither read nor written: the folder %s", (which) => {
      start()
      fs.chownSync(which === "its own" ? cache() : join(caches, which), other, other)
      start()
      start()
      assert.deepEqual(generations(), ["1"])
    })

    it("is ignored and replaced: its files", () => {
      start()
      for (const file of files()) fs.chownSync(file, other, other)
      start()
      assert.deepEqual(generations(), ["1"])
      for (const file of files()) assert.strictEqual(fs.statSync(file).uid, 0)
    })

    it.each(["XDG_CACHE_HOME", "HOME"])("is not made in the folder of that user: %s", (variable) => {
      fs.chownSync(caches, other, other)
      env = { [variable]: caches }
      start()
      assert.isEmpty(fs.readdirSync(caches))
    })
  })
})
