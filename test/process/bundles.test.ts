/** How a bundle starts: with what V8 has compiled of it in earlier runs, or without. */
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeEach, describe, it } from "@effect/vitest"
import { commandFolder } from "../bundles/folders.ts"

const temporary = fs.mkdtempSync(join(tmpdir(), "formae-bundle-"))
afterAll(() => fs.rmSync(temporary, { recursive: true }))

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(join(temporary, "cli-"))
  for (const file of fs.readdirSync(commandFolder)) {
    if (file !== ".compiled") fs.copyFileSync(join(commandFolder, file), join(folder, file))
  }
})

const start = (...flags: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [...flags, join(folder, "main.mjs"), "--version"], {
    encoding: "utf8",
    env: {},
  })
  assert.deepEqual([status, stderr], [0, ""])
  assert.match(stdout, /^formae v\d/)
}

const cache = () => join(folder, ".compiled")
/** The generation of each chunk's cache, and no other file. */
const generations = () =>
  fs
    .readdirSync(cache())
    .map((file) => /^program-.*\.cjs\..*\.(\d+)$/.exec(file)?.[1] ?? file)
    .filter((generation) => !generation.includes(".cjs"))
const files = () => fs.readdirSync(cache()).map((file) => join(cache(), file))

/** In the middle, where V8 would not see it. */
const flipped = (whole: Buffer): Buffer => {
  const middle = Math.floor(whole.length / 2)
  whole[middle] = (whole[middle] ?? 0) ^ 0x10
  return whole
}

describe("a bundle", () => {
  it("keeps what is compiled in its first three runs, and then leaves it as it is", () => {
    start()
    assert.deepEqual(generations(), ["1"])
    start()
    assert.deepEqual(generations(), ["2"])
    start()
    assert.deepEqual(generations(), ["3"])
    const written = files().map((file) => fs.statSync(file).mtimeMs)
    start()
    assert.deepEqual(
      files().map((file) => fs.statSync(file).mtimeMs),
      written,
    )
  })

  it.each([
    ["empty", () => Buffer.alloc(0)],
    ["half of it", (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ["something else", (whole: Buffer) => Buffer.alloc(whole.length, "x")],
    ["whole but for one bit", flipped],
  ] as const)("starts without what was kept where that is %s, and replaces it", (_, damage) => {
    start()
    const damaged = files().map((file) => {
      const bytes = Buffer.from(damage(fs.readFileSync(file)))
      fs.writeFileSync(file, bytes)
      return { file, bytes }
    })
    start()
    assert.deepEqual(generations(), ["1"])
    for (const { bytes, file } of damaged) assert.isFalse(fs.readFileSync(file).equals(bytes))
  })

  it("replaces what a V8 with other flags has kept", () => {
    start("--no-opt")
    const kept = files().map((file) => fs.readFileSync(file))
    start()
    assert.isFalse(files().some((file, index) => fs.readFileSync(file).equals(kept[index] ?? Buffer.alloc(0))))
    start()
    assert.deepEqual(generations(), ["2"])
  })

  it("starts where its folder can not be written", (test) => {
    if (process.getuid?.() === 0) {
      // To whom everything is open; a file in the place of the folder stops him as well.
      fs.writeFileSync(cache(), "in the way")
    } else {
      fs.chmodSync(folder, 0o500)
      test.onTestFinished(() => fs.chmodSync(folder, 0o700))
    }
    start()
    start()
  })
})
