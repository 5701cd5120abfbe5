/** What a bundle is: a program that needs nothing else. */
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { bundle } from "../../scripts/bundle.ts"
import { makeTemporary, runIn } from "../bundles/bundleRuns.ts"
import { commandFolder } from "../bundles/folders.ts"

const temporary = makeTemporary()
afterAll(() => fs.rmSync(temporary, { recursive: true }))

/** Bundles a program of these files, of which the first is the entry, and runs it. */
const bundled = async (texts: Readonly<Record<string, string>>) => {
  const source = fs.mkdtempSync(join(temporary, "source-"))
  for (const [name, text] of Object.entries(texts)) fs.writeFileSync(join(source, name), text)
  const folder = join(source, "bundle")
  await bundle(join(source, Object.keys(texts)[0] ?? ""), folder, source)
  return runIn(folder, {}, [])
}

describe("a bundle", () => {
  it("reports again what is wrong with a chunk that throws", async () => {
    const ask = `await import("./chunk.ts").then(() => "there", (error) => error.message)`
    const { stdout } = await bundled({
      "main.ts": `const ask = async () => ${ask}; ask().then(console.log).then(ask).then(console.log)`,
      "chunk.ts": `export class Client {}; if (process.env.REGION === undefined) throw new Error("REGION is not set")`,
    })
    assert.strictEqual(stdout, "REGION is not set\nREGION is not set\n")
  })

  it("has in one chunk what each start needs, also of what later chunks share with it", () => {
    const program = fs.readdirSync(commandFolder).find((file) => /^program-.*\.cjs$/.test(file)) ?? ""
    const code = fs.readFileSync(join(commandFolder, program), "utf8")
    // At the beginning of a line: what is imported later is inside of a function.
    const needed = [...code.matchAll(/^const \w+ = require\("\.\/(.+)-.{8}\.cjs"\)/gm)].map(([, name]) => name)
    assert.deepEqual(
      needed.filter((name) => name !== "rolldown-runtime"),
      [],
    )
    // The keys of services and the names of errors.
    const others = fs.readdirSync(commandFolder).filter((file) => file.endsWith(".cjs") && file !== program)
    const rest = others.map((file) => fs.readFileSync(join(commandFolder, file), "utf8")).join("\n")
    for (const key of ["effect/cluster/", "effect/http/HttpServer", "formae/control/", "@effect/sql-pg/"]) {
      assert.include(rest, `"${key}`)
      assert.notInclude(code, `"${key}`)
    }
  })

  it("is the same wherever it is built: it has no paths", () => {
    for (const file of fs.readdirSync(commandFolder)) {
      const code = fs.readFileSync(join(commandFolder, file), "utf8")
      assert.notMatch(code, /^\/\/.*(?:node_modules|src)\/.*\.[cm]?[jt]s$/m, file)
    }
  })

  it("starts without what takes V8 long, and an apply without a cluster loads one chunk", () => {
    const hook = join(temporary, "hook.cjs")
    fs.writeFileSync(
      hook,
      `const fs = require("node:fs"), said = [], read = fs.readFileSync
       fs.readFileSync = (file, ...rest) => (/-.{8}\\.cjs$/.test(file) && said.push(file.replace(/.*[\\\\/]|-.{8}\\.cjs$/g, "")), read(file, ...rest))
       Intl.Segmenter = class { constructor() { said.push("a segmenter") } }
       Error.prepareStackTrace = () => said.push("a stack")
       process.once("exit", () => process.stderr.write(said.join()))`,
    )
    fs.writeFileSync(join(temporary, "none.json"), `{ "targets": {}, "resources": [] }`)
    for (const [args, says] of [
      [["--help"], "Create, update and delete cloud resources"],
      [["apply", "none.json"], "the document asks for no resources"],
    ] as const) {
      const { status, stderr, stdout } = spawnSync(
        process.execPath,
        ["--require", hook, join(commandFolder, "main.mjs"), ...args],
        { cwd: temporary, encoding: "utf8", env: { HOME: temporary, FORMAE_TRUST: temporary } },
      )
      assert.deepEqual([status, stderr], [0, "program"])
      assert.include(stdout, says)
    }
  })

  it("is ASCII, and says all the same what is not", async () => {
    const stringWidth = fileURLToPath(new URL("../../node_modules/string-width/index.js", import.meta.url))
    const { stdout } = await bundled({
      "main.ts": `import width from ${JSON.stringify(stringWidth)}; console.log(["ab", "é", "表", "👨‍👩‍👧", "1️⃣"].map((text) => text + width(text)).join(/[\\u2026…]/.exec("…")[0]))`,
    })
    assert.strictEqual(stdout, "ab2…é1…表2…👨‍👩‍👧2…1️⃣2\n")
    const refused = await bundled({ "main.ts": "console.log(String.raw`…`)" }).catch(String)
    assert.include(refused, "has characters that are not ASCII")
  })

  it("leaves to Node what is not a chunk", async () => {
    const { stderr, stdout } = await bundled({
      "main.ts": `import "./optional.cjs"; import("node:os").then(({ EOL }) => console.log(JSON.stringify(EOL)))`,
      "optional.cjs": `const name = ["not", "there"].join("-")
        try { require(name) } catch (error) { console.log(error.code) }`,
    })
    assert.deepEqual([stdout, stderr], ['MODULE_NOT_FOUND\n"\\n"\n', ""])
  })

  it("is refused, with a sentence, if its program awaits at the top level", async () => {
    const refused = await bundled({ "main.ts": `await Promise.resolve()` }).catch(String)
    assert.include(refused, "cannot be bundled: it awaits at the top of a module")
  })
})
