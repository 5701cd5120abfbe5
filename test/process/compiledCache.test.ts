/** How a bundle starts, with or without the code that V8 compiled in earlier runs. */
import * as fs from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeEach, describe, it } from "@effect/vitest"
import { makeBundleRuns, makeTemporary, runIn, startIn } from "../bundles/bundleRuns.ts"

const temporary = makeTemporary()
afterAll(() => fs.rmSync(temporary, { recursive: true }))

/** Where the program is, and the variables that it sees. */
let folder: string
let env: Readonly<Record<string, string>>
let caches: string
let programs: string
let cache: () => string
let files: () => ReadonlyArray<string>
let generations: () => ReadonlyArray<string>
beforeEach(() => {
  ;({ cache, caches, env, files, folder, generations, programs } = makeBundleRuns(temporary))
})

const start = (...flags: ReadonlyArray<string>) => startIn(folder, env, ...flags)

/** One bit is flipped in the middle, where V8 would not notice. */
const flipped = (whole: Buffer): Buffer => {
  const middle = Math.floor(whole.length / 2)
  whole[middle] = (whole[middle] ?? 0) ^ 0x10
  return whole
}

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
    runIn(folder, env, [], "--help")
    runIn(folder, env, [], "--help")
    const program = join(folder, fs.readdirSync(folder).find((file) => file.startsWith("program-")) ?? "")
    fs.writeFileSync(
      program,
      fs.readFileSync(program, "utf8").replace("Create, update and delete", "CREATE, update and delete"),
    )
    assert.include(runIn(folder, env, [], "--help").stdout, "CREATE, update and delete")
  })

  it("tells its version without loading what the command can do, as its parser would", () => {
    const isLoaded = () => fs.readdirSync(cache()).some((file) => file.startsWith("program-"))
    const printed = ["--version", "-v"].map((flag) => runIn(folder, env, [], flag).stdout)
    assert.isFalse(isLoaded())
    const parsed = runIn(folder, env, [], "plan", "--version").stdout
    assert.isTrue(isLoaded())
    assert.deepEqual(printed, [parsed, parsed])
  })

  it("has it in the user's own folder, for this user alone, and nothing beside the program", () => {
    const before = fs.readdirSync(folder)
    start()
    assert.deepEqual(fs.readdirSync(folder), before)
    const modeOf = (path: string) => (fs.statSync(path).mode & 0o777).toString(8)
    assert.deepEqual([join(caches, "formae"), programs, cache()].map(modeOf), ["700", "700", "700"])
    assert.deepEqual(new Set(files().map(modeOf)), new Set(["600"]))
  })

  it("does not read what came with the program", () => {
    start()
    fs.cpSync(cache(), join(folder, ".compiled"), { recursive: true })
    fs.rmSync(programs, { recursive: true })
    start()
    assert.deepEqual(generations(), ["1"])
  })

  it("does not share it between programs in different folders", () => {
    start()
    start()
    const first = folder
    folder = fs.mkdtempSync(join(temporary, "cli-"))
    fs.cpSync(first, folder, { recursive: true })
    start()
    assert.lengthOf(fs.readdirSync(programs), 2)
    fs.rmSync(first, { recursive: true })
    fs.symlinkSync(folder, first)
    folder = first
    start()
    assert.lengthOf(fs.readdirSync(programs), 2)
  })

  it("leaves what has other names, and removes what killed runs, other versions and other builds have left", () => {
    start()
    for (const file of files()) fs.copyFileSync(file, `${file}.4242-1700000000000`)
    const left = ["program-gone.cjs.13.0-x64.1", "program-old.cjs.13.0-x64.2.77-1700000000000"]
    const strange = ["notes.txt", "program.cjs", "program-old.cjs.1.d"]
    for (const name of [...left, ...strange]) fs.writeFileSync(join(cache(), name), "")
    fs.mkdirSync(join(cache(), "program-older.cjs.13.0-x64.1"))
    start()
    assert.sameMembers(
      fs.readdirSync(cache()).filter((name) => !/\.cjs\.[^/]*\.2$/.test(name)),
      [...strange, "program-older.cjs.13.0-x64.1"],
    )
  })

  it("keeps that of the last 64 programs, and removes no file that is not its own", () => {
    const make = (name: string, day: number, file: string) => {
      fs.mkdirSync(join(programs, name), { recursive: true, mode: 0o700 })
      fs.writeFileSync(join(programs, name, file), "")
      fs.utimesSync(join(programs, name), day * 86_400, day * 86_400)
    }
    for (let day = 1; day <= 70; day++) make(`-opt-formae-${day}-0123abcd`, day, "program-x.cjs.13.0-x64.1")
    make("-opt-formae-0-0123abcd", 0, "thesis.txt")
    make("not a program", 0, "program-x.cjs.13.0-x64.1")
    fs.chmodSync(join(caches, "formae"), 0o700)
    fs.chmodSync(programs, 0o700)
    start()
    const names = fs.readdirSync(programs)
    assert.includeMembers(names, ["not a program", "-opt-formae-0-0123abcd", "-opt-formae-70-0123abcd"])
    assert.notIncludeMembers(
      names,
      [1, 2, 3, 4, 5, 6].map((day) => `-opt-formae-${day}-0123abcd`),
    )
    assert.isAtMost(names.length, 66)
    assert.isTrue(fs.existsSync(join(programs, "-opt-formae-0-0123abcd", "thesis.txt")))
  })

  it.each([
    ["no home", () => ({})],
    ["a home that is not there", () => ({ HOME: join(temporary, "nobody") })],
    ["a file where the folder should be", () => ({ XDG_CACHE_HOME: join(folder, "main.mjs") })],
    ["a folder that is named by a relative path", () => ({ XDG_CACHE_HOME: "." })],
  ])("starts without one if there is %s", (_, given) => {
    env = given()
    const before = fs.readdirSync(folder)
    start()
    start()
    assert.deepEqual(fs.readdirSync(folder), before)
    assert.isFalse(fs.existsSync(join(temporary, "nobody")))
  })
})
