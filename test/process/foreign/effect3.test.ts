import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { installEffect3, makeFolder, node, removeFolder, root } from "../npm.ts"
import { conforms } from "../conformance/conforms.ts"
import { needsRegistry } from "../registry.ts"
import { converse } from "./conversation.ts"
import { testEffectMajors } from "./effectMajors.ts"
import { foreignSuite } from "./foreignSuite.ts"

const folder = await makeFolder()
let plugin = ""
afterAll(() => removeFolder(folder))

const pinnedIn = (directory: string) => join(directory, "board", "Board.Wall.Poster")

/** It is installed once: npm takes longer than most of these tests. */
describe("P9: a plugin on Effect 3", needsRegistry, () => {
  beforeAll(async () => {
    plugin = await installEffect3(folder)
  }, 180_000)

  foreignSuite({
    namespace: "Board",
    folder: () => plugin,
    targetIn: (directory) => ({ board: join(directory, "board") }),
    now: {
      type: "Board::Wall::Note",
      properties: (Name) => ({ Name, Text: "hello" }),
      changed: (Name) => ({ Name, Text: "goodbye" }),
      refused: { Name: "a", Text: 5 },
    },
    later: { type: "Board::Wall::Poster", properties: { Title: "Effect" } },
    finish: (directory) => {
      for (const name of readdirSync(pinnedIn(directory))) {
        const file = join(pinnedIn(directory), name)
        // The plugin may be reading it: it sees the old file or the new one, and never half of one.
        writeFileSync(`${file}.draft`, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), readyAt: 0 }))
        renameSync(`${file}.draft`, file)
      }
    },
    // A file where its folder should be.
    obstruct: (directory) => {
      const file = join(directory, "board")
      writeFileSync(file, "")
      return () => rmSync(file)
    },
  })

  it.live("conforms", () => Effect.suspend(() => conforms({ directory: plugin }, { types: 2 })))

  testEffectMajors(folder, () => plugin)

  it("compiles with the types of Effect 3", async () => {
    const config = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: { plugins: [], typeRoots: [join(root, "node_modules", "@types")] },
      include: ["src"],
    }
    const file = join(plugin, "tsconfig.test.json")
    writeFileSync(file, JSON.stringify(config))
    await node(plugin, join(root, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--project", file)
  })
})

describe("the plugin on Effect 3", () => {
  it.live("says what to run if it is not installed", () =>
    Effect.gen(function* () {
      const copy = join(folder, "not-installed")
      cpSync(join(root, "plugins", "effect-3", "src"), copy, { recursive: true })
      const { ended, logged } = yield* converse(join(copy, "main.ts"))
      assert.strictEqual((yield* ended).code, 69)
      assert.include(logged.join("\n"), 'run "npm run install:effect-3"')
    }),
  )
})
