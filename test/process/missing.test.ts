/** What a run of the tests says where a program is missing. */
import { assert, describe, it } from "@effect/vitest"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { root } from "./npm.ts"

describe("a run of tests", () => {
  it("names the program that is missing in its last line, after its summary", async () => {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs")
    const test = "test/plugins/aws/ZipArchive.test.ts"
    const { stdout } = await promisify(execFile)(process.execPath, [vitest, "run", "--project", "unit", test], {
      cwd: root,
      env: { PATH: "/nowhere", NO_COLOR: "1" },
    })
    assert.match(stdout, /^ +Tests +1 passed \| 1 skipped \(2\)\n(.+\n)+\nSkipped for lack of python3 \(1 test\)\n$/m)
  })
})
