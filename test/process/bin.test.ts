import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../../bin/formae.js", import.meta.url))

/** Runs the launcher on a Node that says it is `version`. */
const runOn = (version: string) => {
  const versions = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`
  return spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(versions)}`, bin], {
    encoding: "utf8",
  })
}

describe("bin/formae.js", () => {
  it.each(["14.21.3", "20.20.2", "22.18.0"])("on Node %s says in one line what to do", (version) => {
    const { status, stderr, stdout } = runOn(version)
    assert.deepEqual([status, stdout], [2, ""])
    assert.match(stderr, /^formae needs Node 22\.19 or later, but this is Node .*"npm run formae -- \.\.\.".*\.\n$/)
    assert.include(stderr, version)
  })
})
