/** A bundle of the command in a folder of its own, and the cache that its runs make. */
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert } from "@effect/vitest"
import { commandFolder } from "./folders.ts"

/** A folder for what the tests of a file make. */
export const makeTemporary = () => fs.mkdtempSync(join(tmpdir(), "formae-bundle-"))

/** Runs the program in `folder`, with these variables and no others. */
export const runIn = (
  folder: string,
  env: Readonly<Record<string, string>>,
  flags: ReadonlyArray<string>,
  ...args: ReadonlyArray<string>
) => spawnSync(process.execPath, [...flags, join(folder, "main.mjs"), ...args], { encoding: "utf8", env })

/** A copy of the bundle of the command, whose user has an empty folder for caches. */
export const makeBundleRuns = (temporary: string) => {
  const folder = fs.mkdtempSync(join(temporary, "cli-"))
  for (const file of fs.readdirSync(commandFolder)) fs.copyFileSync(join(commandFolder, file), join(folder, file))
  const caches = fs.mkdtempSync(join(temporary, "caches-"))
  const env = { XDG_CACHE_HOME: caches }
  /** The folders of all programs. */
  const programs = join(caches, "formae", "compiled")
  /** The only one that there is. */
  const cache = () => {
    const names = fs.readdirSync(programs)
    assert.lengthOf(names, 1)
    return join(programs, names[0] ?? "")
  }
  return {
    folder,
    caches,
    programs,
    cache,
    env,
    files: () => fs.readdirSync(cache()).map((file) => join(cache(), file)),
    /** The generation of the cache of each program chunk. */
    generations: () =>
      fs
        .readdirSync(cache())
        .map((file) => /^version-.*\.cjs\..*\.(\d+)$/.exec(file)?.[1] ?? file)
        .filter((generation) => !generation.includes(".cjs")),
  }
}

/** Starts the command, which must do what it is told. */
export const startIn = (
  folder: string,
  env: Readonly<Record<string, string>>,
  ...flags: ReadonlyArray<string>
): void => {
  const { status, stderr, stdout } = runIn(folder, env, flags, "--version")
  assert.deepEqual([status, stderr], [0, ""])
  assert.match(stdout, /^formae v\d/)
}
