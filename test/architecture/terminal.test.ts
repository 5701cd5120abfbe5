import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root, typescript } from "./sources.ts"
import { terminalObjections } from "./terminal.ts"

describe("the terminal", () => {
  it("is written to by one module, which makes everything visible", () => {
    assert.deepEqual(
      typescript("src/cli").flatMap((file) => terminalObjections(file, readFileSync(join(root, file), "utf8"))),
      [],
    )
  })

  it.each([
    [
      "Effect's console",
      'import * as Console from "effect/Console"\nexport const a = Console.log("a")',
      "effect/Console",
    ],
    ["Node's console", 'import { Console } from "node:console"', "node:console"],
    ["a descriptor", 'import { writeSync } from "node:fs"\nwriteSync(2, "a")', "writeSync"],
    ["the global console", 'console.error("a")', "console"],
    ["a stream", 'process.stderr.write("a")', "process.stderr"],
    ["a stream by its name", 'import { stdout } from "node:process"', "node:process"],
    ["a table that is redrawn", 'import { createLogUpdate } from "log-update"', "log-update"],
    ["a standard stream of Effect", "const a = Stdio.Stdio.use(({ stdout }) => stdout({}))", "stdout"],
  ])("is not written to by way of %s", (_, source, way) => {
    assert.deepEqual(terminalObjections("src/cli/Foo.ts", source), [
      `src/cli/Foo.ts writes by ${way}: print with src/cli/Outputs.ts, which makes everything visible`,
    ])
    assert.deepEqual(terminalObjections("src/cli/Outputs.ts", source), [])
  })

  it("is not written to where the output of a program is read", () => {
    const reads = "Stream.runDrain(handle.stdout)"
    assert.lengthOf(terminalObjections("src/cli/Foo.ts", reads), 1)
    assert.deepEqual(terminalObjections("src/cli/npm/runNpm.ts", reads), [])
    assert.lengthOf(terminalObjections("src/cli/npm/runNpm.ts", 'process.stdout.write("a")'), 1)
  })

  it.each([
    ["a comment", "// Not with console.log\nexport const a = 1"],
    ["a text", 'export const help = "Print it on stdout"'],
    ["a question", "const isTerminal = stdio.stderrIsTerminal"],
  ])("is not written to by %s", (_, source) => {
    assert.deepEqual(terminalObjections("src/cli/Foo.ts", source), [])
  })
})
