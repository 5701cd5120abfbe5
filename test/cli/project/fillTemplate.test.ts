import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync } from "rolldown/utils"
import { fillTemplate } from "../../../src/cli/project/fillTemplate.ts"

const root = fileURLToPath(new URL("../../../templates", import.meta.url))
const templates = globSync("**/*", { cwd: root, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))

describe("a template", () => {
  it("has the value of each name, and keeps what has none", () => {
    assert.strictEqual(fillTemplate("a.md", "__name__ and __other__", { name: "mine" }), "mine and __other__")
  })

  it("says a path of Windows as it is, in JSON and in TypeScript", () => {
    const formae = String.raw`file:C:\new\"formae".tgz`
    assert.deepEqual(JSON.parse(fillTemplate("package.json", `{ "formae": "__formae__" }`, { formae })), { formae })
    assert.deepEqual(
      parseSync("plugin.ts", fillTemplate("plugin.ts", `export const it = "__formae__"`, { formae })).errors,
      [],
    )
  })

  it.prop("is JSON whatever the value is", [Schema.String], ([value]) => {
    assert.strictEqual(JSON.parse(fillTemplate("a.json", `"__it__"`, { it: value })), value)
  })

  it("takes only what needs no quotes where a text has none", () => {
    const plain = ["name", "namespace"]
    assert.isAbove(templates.length, 5)
    for (const file of templates.filter((one) => !/\.(?:json|ts)$/.test(one))) {
      for (const [, name] of readFileSync(file, "utf8").matchAll(/__(\w+?)__/g)) assert.include(plain, name, file)
    }
  })
})
