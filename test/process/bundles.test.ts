/** How a bundle starts, with or without the code that V8 compiled in earlier runs. */
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeEach, describe, it } from "@effect/vitest"
import { bundle } from "../../scripts/bundle.ts"
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

const run = (flags: ReadonlyArray<string>, ...args: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [...flags, join(folder, "main.mjs"), ...args], { encoding: "utf8", env: {} })

const start = (...flags: ReadonlyArray<string>) => {
  const { status, stderr, stdout } = run(flags, "--version")
  assert.deepEqual([status, stderr], [0, ""])
  assert.match(stdout, /^formae v\d/)
}

const cache = () => join(folder, ".compiled")
/** The generation of the cache of each program chunk. */
const generations = () =>
  fs
    .readdirSync(cache())
    .map((file) => /^program-.*\.cjs\..*\.(\d+)$/.exec(file)?.[1] ?? file)
    .filter((generation) => !generation.includes(".cjs"))
const files = () => fs.readdirSync(cache()).map((file) => join(cache(), file))

/** One bit is flipped in the middle, where V8 would not notice. */
const flipped = (whole: Buffer): Buffer => {
  const middle = Math.floor(whole.length / 2)
  whole[middle] = (whole[middle] ?? 0) ^ 0x10
  return whole
}

/** Bundles a program of these files, of which the first is the entry, and runs it. */
const bundled = async (texts: Readonly<Record<string, string>>) => {
  const source = fs.mkdtempSync(join(temporary, "source-"))
  for (const [name, text] of Object.entries(texts)) fs.writeFileSync(join(source, name), text)
  folder = join(source, "bundle")
  await bundle(join(source, Object.keys(texts)[0] ?? ""), folder, source)
  return run([])
}

describe("a bundle", () => {
  it("reports again what is wrong with a chunk that throws", async () => {
    const ask = `await import("./chunk.ts").then(() => "there", (error) => error.message)`
    const { stdout } = await bundled({
      "main.ts": `const ask = async () => ${ask}; ask().then(console.log).then(ask).then(console.log)`,
      "chunk.ts": `export class Client {}; if (process.env.REGION === undefined) throw new Error("REGION is not set")`,
    })
    assert.strictEqual(stdout, "REGION is not set\nREGION is not set\n")
  })

  it("leaves to Node what is not a chunk", async () => {
    const { stderr, stdout } = await bundled({
      "main.ts": `import "./optional.cjs"; import("node:os").then(({ EOL }) => console.log(JSON.stringify(EOL)))`,
      "optional.cjs": `const name = ["not", "there"].join("-")
        try { require(name) } catch (error) { console.log(error.code) }`,
    })
    assert.deepEqual([stdout, stderr], ['MODULE_NOT_FOUND\n"\\n"\n', ""])
  })

  it("is refused, with a sentence, if its program awaits at the top level", async () => {
    const refused = await bundled({ "main.ts": `await Promise.resolve()` }).catch(String)
    assert.include(refused, "cannot be bundled: it awaits at the top of a module")
  })
})

describe("a bundle with a cache", () => {
  it("keeps what its first three runs have compiled, and then leaves it as it is", () => {
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
    ["cut in half", (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ["other bytes", (whole: Buffer) => Buffer.alloc(whole.length, "x")],
    ["wrong in one bit", flipped],
  ] as const)("starts without a cache that is %s, and replaces it", (_, damage) => {
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

  it("replaces a cache that V8 wrote with other flags", () => {
    start("--no-opt")
    const kept = files().map((file) => fs.readFileSync(file))
    start()
    assert.isFalse(files().some((file, index) => fs.readFileSync(file).equals(kept[index] ?? Buffer.alloc(0))))
    start()
    assert.deepEqual(generations(), ["2"])
  })

  it("runs its present code if it was edited without a change of its length", () => {
    start()
    start()
    const program = join(folder, fs.readdirSync(folder).find((file) => file.startsWith("program-")) ?? "")
    fs.writeFileSync(
      program,
      fs.readFileSync(program, "utf8").replace("Create, update and delete", "CREATE, update and delete"),
    )
    assert.include(run([], "--help").stdout, "CREATE, update and delete")
  })

  it.each(["folder", "files"])("ignores a cache that others could have written: its %s", (which) => {
    start()
    // It is ignored like a damaged one: a cache that is used would not be replaced.
    if (which === "folder") fs.chmodSync(cache(), 0o777)
    else for (const file of files()) fs.chmodSync(file, 0o666)
    start()
    assert.deepEqual(generations(), ["1"])
    if (which === "files") for (const file of files()) assert.strictEqual(fs.statSync(file).mode & 0o777, 0o644)
  })

  it("removes what killed runs, other versions and other builds have left", () => {
    start()
    for (const file of files()) fs.copyFileSync(file, `${file}.4242`)
    const left = ["program-gone.cjs.13.0-x64.1", "of a version before.json"]
    for (const name of left) fs.writeFileSync(join(cache(), name), "")
    start()
    assert.deepEqual(
      fs.readdirSync(cache()).filter((name) => !/\.cjs\.[^/]*\.2$/.test(name)),
      [],
    )
  })

  it("starts if its folder cannot be written", (test) => {
    if (process.getuid?.() === 0) {
      // Root may write everywhere, but not into a file that is where the folder should be.
      fs.writeFileSync(cache(), "in the way")
    } else {
      fs.chmodSync(folder, 0o500)
      test.onTestFinished(() => fs.chmodSync(folder, 0o700))
    }
    start()
    start()
  })
})
