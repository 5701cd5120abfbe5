/** docs/first-hour.md, done as it is written. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { makeCollector } from "../collector.ts"
import { makeFolder } from "../formaeCommand.ts"
import { pathOf } from "./exampleFolder.ts"
import { asTold } from "./toldOutput.ts"

const page = readFileSync(pathOf("docs/first-hour.md"), "utf8")

interface Block {
  /** The file that it is written to, if any. */
  readonly file: string | undefined
  readonly language: string
  readonly text: string
}

const blocks: ReadonlyArray<Block> = [...page.matchAll(/(?:<!-- write: (\S+) -->\n)?```(\w*)\n([^]*?)```\n/g)].map(
  ([, file, language = "", text = ""]) => ({ file, language, text }),
)

/** The paths in a block that is indented, as a collector gives them. */
const pathsIn = (tree: string): ReadonlyArray<string> => {
  const above: Array<string> = []
  return tree
    .trimEnd()
    .split("\n")
    .map((line) => {
      const name = line.trim()
      above.splice((line.length - name.length) / 2, above.length, name)
      return above.join(" > ")
    })
}

describe("docs/first-hour.md", () => {
  it.live("has commands that print what it says, and a trace with the spans that it shows", () =>
    Effect.gen(function* () {
      const { beginScript, formae, write } = yield* makeFolder
      const collector = yield* makeCollector
      yield* Effect.addFinalizer(() => formae("agent", "stop"))
      let printed: string | undefined
      let commands = 0
      for (const { file, language, text } of blocks) {
        if (file !== undefined) write(file, text)
        else if (language === "sh") {
          const script = text.replace(/\bformae /, "$formae ").replace("http://localhost:4318", collector.url)
          const { code, stderr, stdout } = yield* Effect.flatMap(
            beginScript(`node() { "${process.execPath}" "$@"; }\n${script}`),
            ({ ended }) => ended,
          )
          assert.strictEqual(code, 0, `${text}${stdout}${stderr}`)
          printed = stdout
          commands++
        } else if (language === "" && printed !== undefined) {
          assert.deepEqual(asTold(printed, text), asTold(text, text))
          printed = undefined
        } else if (language === "") {
          const paths = collector.paths().map((path) => path.replaceAll(/ \[[^\]]*\]/g, ""))
          assert.includeMembers(paths, [...pathsIn(text)])
          assert.lengthOf(new Set(collector.spans().map(({ traceId }) => traceId)), 1)
        }
      }
      assert.isAbove(commands, 15)
    }),
  )
})
