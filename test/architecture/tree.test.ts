import { assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { below, floorOf } from "./objections.ts"
import { root, typescript } from "./sources.ts"

describe("the tree", () => {
  it("has no drawer for odds and ends", () => {
    const drawers = typescript("src", "plugins", "test", "scripts", "examples").filter((file) =>
      /(^|\/)(utils?|common|helpers?|misc)(\/|\.)/i.test(file),
    )
    assert.deepEqual(drawers, [])
  })

  it("has what package.json exports, and dist/ mirrors it", () => {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    const floors: ReadonlyArray<[string, Record<string, string>]> = Object.entries<Record<string, string>>(
      exports,
    ).filter(([, target]) => typeof target !== "string")
    assert.isAbove(floors.length, 0)
    for (const [name, target] of floors) {
      const source = target["formae-source"] ?? ""
      assert.isTrue(existsSync(join(root, source)), `package.json exports ${name} from ${source}, which does not exist`)
      const built = source.replace("./src/", "./dist/")
      assert.strictEqual(target["default"], built.replace(/\.ts$/, ".js"))
      assert.strictEqual(target["types"], built.replace(/\.ts$/, ".d.ts"))
    }
  })

  it("makes a text of a time in one place, because a number that was stored may not be a time", () => {
    const strays = typescript("src").filter(
      (file) => file !== "src/protocol/formatTime.ts" && readFileSync(join(root, file), "utf8").includes("toISOString"),
    )
    assert.deepEqual(strays, [])
  })

  it("has what the scripts of package.json run", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    const config = readFileSync(join(root, "vitest.config.ts"), "utf8")
    const words = Object.entries(scripts).flatMap(([name, script]) =>
      script.split(" ").map((word, index, all) => ({ name, word, before: all[index - 1] })),
    )
    const missing = words.filter(({ before, word }) => {
      if (/\.(js|json|ts)$/.test(word)) return !existsSync(join(root, word))
      if (before === "--project") return !config.includes(`name: "${word}"`)
      return before === "run" && /^[a-z:]+$/.test(word) && !Object.hasOwn(scripts, word)
    })
    assert.deepEqual(missing, [])
    const survival = readFileSync(join(root, "scripts/survival.ts"), "utf8")
    const tests = [...survival.matchAll(/"(test\/[^"]+)"/g)].map(([, path = ""]) => path)
    assert.isAbove(tests.length, 3)
    assert.deepEqual(
      tests.filter((path) => !existsSync(join(root, path))),
      [],
    )
  })

  it("has a folder in src/ for each folder of a floor in test/", () => {
    const strays = typescript("test")
      .map((file) => dirname(file).replace(/^test\//, "src/"))
      .filter((folder) => Object.hasOwn(below, floorOf(`${folder}/`) ?? "") && !existsSync(join(root, folder)))
    assert.deepEqual(strays, [])
  })
})
