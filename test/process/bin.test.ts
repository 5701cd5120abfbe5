import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../../bin/formae.js", import.meta.url))

/** Runs the launcher on a Node that says it is `version`. */
const runOn = (version: string, ...args: ReadonlyArray<string>) => {
  const versions = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`
  return spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(versions)}`, bin, ...args],
    {
      encoding: "utf8",
    },
  )
}

describe("bin/formae.js", () => {
  it.each(["14.21.3", "20.20.2", "22.18.0", "23.0.0", "23.11.1"])(
    "on Node %s says in one line what to do",
    (version) => {
      const { status, stderr, stdout } = runOn(version)
      assert.deepEqual([status, stdout], [2, ""])
      assert.strictEqual(
        stderr,
        `formae needs Node 22.19 or later, but not 23. This is Node ${version}: in this checkout, run "npm ci" and then "npm run formae -- ...", which use a Node that will do.\n`,
      )
    },
  )

  it.each(["22.19.0", "24.0.0", "26.10.0"])("on Node %s starts", (version) => {
    const { status, stderr, stdout } = runOn(version, "--version")
    assert.deepEqual([status, stderr], [0, ""])
    assert.match(stdout, /^formae v/)
  })
})
