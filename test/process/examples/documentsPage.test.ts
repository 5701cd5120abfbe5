import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cpSync, readFileSync } from "node:fs"
import { makeFolder } from "../formaeCommand.ts"
import { pathOf } from "./exampleFolder.ts"

const page = readFileSync(pathOf("docs/documents.md"), "utf8")

/** Each block of commands, and what the block after it says that they print. */
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```\n(?:\n```\n([\s\S]*?)```\n)?/g)].map(
  ([, commands = "", says]) => ({
    commands: commands.trimEnd().split("\n"),
    says,
  }),
)

describe("docs/documents.md", () => {
  it.live("has commands that do what it says", () =>
    Effect.gen(function* () {
      const { at, beginScript } = yield* makeFolder
      cpSync(pathOf("examples/documents"), at("."), { recursive: true })
      assert.isAbove(blocks.length, 3)
      for (const { commands, says } of blocks) {
        for (const command of commands) {
          const { ended } = yield* beginScript(`export USER=me\n${command.replace(/\bformae /, "$formae ")}`)
          const { code, stderr, stdout } = yield* ended
          if (says === undefined) assert.strictEqual(code, 0, `${command}\n${stdout}${stderr}`)
          else assert.deepEqual([code, stderr], [2, says], command)
        }
      }
    }),
  )
})
