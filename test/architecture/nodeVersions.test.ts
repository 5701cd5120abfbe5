/** On which Node formae runs is said in several places, and is one thing. */
import { assert, describe, it } from "@effect/vitest"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./sources.ts"

const read = (file: string) => readFileSync(join(root, file), "utf8")
const find = (...patterns: ReadonlyArray<string>) => globSync(patterns, { cwd: root })

describe("on which Node formae runs", () => {
  const manifests = find("package.json", "plugins/*/package.json", "templates/*/package.json")

  it("is the same in each package, and in what `plugin init` makes", () => {
    assert.isAtLeast(manifests.length, 6)
    for (const file of manifests) assert.deepEqual(JSON.parse(read(file)).engines, { node: "^22.19 || >=24" }, file)
  })

  it("is said in the same words to people", () => {
    const places = find("README.md", "docs/*.md", "bin/*.js", "scripts/node/*.js").flatMap((file) =>
      // A row of a table says on which versions something was tested.
      [...read(file).matchAll(/(?<!^\|.*)\b22\.19\b.{0,24}/gm)].map(([words]) => ({ file, words })),
    )
    assert.includeMembers(
      places.map(({ file }) => file),
      ["README.md", "docs/embedding.md", "bin/formae.js"],
    )
    for (const { file, words } of places) assert.match(words, /^22\.19 or later, but not 23\b/, file)
  })
})
