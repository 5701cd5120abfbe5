import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { zipOf } from "../../../plugins/aws/src/ZipArchive.ts"

const code = "def handler(event, context):\n  return 'grüße'\n"
const read = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; i = z.infolist()[0]"
const print = "print([i.filename, i.external_attr >> 16, len(z.infolist())]); print(z.read(i).decode(), end='')"

const pythonIsInstalled = (() => {
  try {
    return execFileSync("python3", ["-c", "import zipfile; print(1)"], { stdio: "pipe" }).length > 0
  } catch {
    return false
  }
})()

describe("an archive of one file", () => {
  it.skipIf(!pythonIsInstalled)(
    pythonIsInstalled ? "can be read by another program" : "skipped: there is no python3",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "formae-zip-"))
      try {
        const file = join(folder, "code.zip")
        writeFileSync(file, zipOf("index.py", code))
        const output = execFileSync("python3", ["-c", `${read}\n${print}`, file], {
          encoding: "utf8",
          env: { ...process.env, PYTHONIOENCODING: "utf8" },
        })
        assert.strictEqual(output, `['index.py', ${0o100644}, 1]\n${code}`)
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )

  it("is the same for the same text", () => {
    assert.deepStrictEqual(zipOf("index.py", code), zipOf("index.py", code))
    assert.notDeepEqual(zipOf("index.py", code), zipOf("index.py", `${code} `))
  })
})
