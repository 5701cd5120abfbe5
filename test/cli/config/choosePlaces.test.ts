import { assert, describe, it } from "@effect/vitest"
import { choosePlaces, type Level } from "../../../src/cli/config/choosePlaces.ts"

const level = (folder: string, has: Partial<Level> = {}): Level => ({
  folder,
  device: 1,
  isHome: false,
  hasFormae: false,
  configurations: [],
  ...has,
})

const yaml = { configurations: ["formae.config.yaml"] }

/** The folder of `.formae`, and that of the configuration. */
const chosen = (...levels: readonly [Level, ...ReadonlyArray<Level>]) => {
  const { configured, folder } = choosePlaces(levels)
  return [folder, configured?.folder]
}

describe("where a command works", () => {
  it("is the current folder, if there is nothing above", () => {
    assert.deepEqual(chosen(level("/a/b"), level("/a"), level("/")), ["/a/b", undefined])
  })

  it("is the nearest folder that has a .formae", () => {
    const above = level("/a", { hasFormae: true })
    assert.deepEqual(chosen(level("/a/b"), above, level("/", { hasFormae: true })), ["/a", undefined])
    assert.deepEqual(chosen(level("/a/b", { hasFormae: true }), above), ["/a/b", undefined])
  })

  it("is that of the configuration, where no .formae is in it or below it", () => {
    assert.deepEqual(chosen(level("/a/b"), level("/a", yaml), level("/", { hasFormae: true })), ["/a", "/a"])
    assert.deepEqual(chosen(level("/a/b", { hasFormae: true }), level("/a", yaml)), ["/a/b", "/a"])
    assert.deepEqual(chosen(level("/a/b", yaml), level("/a", { ...yaml, hasFormae: true })), ["/a/b", "/a/b"])
  })

  it("is not looked for in the home folder or above it, unless one works there", () => {
    const home = level("/home/me", { isHome: true, hasFormae: true, ...yaml })
    const root = level("/home", { hasFormae: true, ...yaml })
    assert.deepEqual(chosen(level("/home/me/work"), home, root), ["/home/me/work", undefined])
    assert.deepEqual(chosen(home, root), ["/home/me", "/home/me"])
  })

  it("is not looked for on another file system", () => {
    const mounted = level("/mnt/disk")
    assert.deepEqual(chosen(mounted, level("/mnt", { device: 2, hasFormae: true, ...yaml })), ["/mnt/disk", undefined])
  })

  it("has all names of the configurations in its folder, and none of those above", () => {
    const { configured } = choosePlaces([
      level("/a/b"),
      level("/a", { configurations: ["formae.config.yaml", "formae.config.json"] }),
      level("/", yaml),
    ])
    assert.deepEqual(configured?.configurations, ["formae.config.yaml", "formae.config.json"])
  })
})
