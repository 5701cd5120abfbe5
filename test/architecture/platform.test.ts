import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { platformObjections } from "./platform.ts"
import { root, typescript } from "./sources.ts"

const objectionsIn = (file: string) => platformObjections(file, readFileSync(join(root, file), "utf8"))

const readsProcess = (name: string) =>
  `src/cli/Foo.ts reads process.${name}: each system has its own, and only src/platform/ knows them`
const namesFile = (text: string) =>
  `src/cli/Foo.ts names ${text}: not each system has it, and only src/platform/ knows where it is`
const joins = (code: string) =>
  `src/cli/Foo.ts has ${code}: the parts of a path are not joined by a slash on each system. Use Path, or a function of src/platform/`

describe("what only some systems have", () => {
  it("is known to one floor", () => {
    const files = typescript("src", "plugins/*/src")
    assert.isAbove(files.length, 50)
    assert.deepEqual(files.flatMap(objectionsIn), [])
  })

  it.each([
    ["a signal", `process.kill(1, "SIGTERM")`, [readsProcess("kill")]],
    ["the system", `const windows = process.platform === "win32"`, [readsProcess("platform")]],
    ["the system, by its key", `const system = process["platform"]`, [readsProcess("platform")]],
    ["a user", `const id = process.getuid?.()`, [readsProcess("getuid")]],
    ["an effective user", `const id = process.geteuid?.()`, [readsProcess("geteuid")]],
    ["a group", `const id = process.getegid?.()`, [readsProcess("getegid")]],
    [
      "names of process",
      `const { platform: system, kill } = process`,
      [readsProcess("platform"), readsProcess("kill")],
    ],
    ["an import", `import { kill as end } from "node:process"`, [readsProcess("kill")]],
    ["the shell", `spawn("/bin/sh", ["-c", "true"])`, [namesFile("/bin/sh")]],
    ["the shell in a text", "const line = `exec /bin/sh ${script}`", [namesFile("exec /bin/sh ")]],
    ["/proc", `readFileSync("/proc/self/stat")`, [namesFile("/proc/self/stat")]],
    ["the null device", `open("/dev/null")`, [namesFile("/dev/null")]],
    ["an absolute path", `if (file.startsWith("/")) use(file)`, [joins(`file.startsWith("/")`)]],
    ["a way out", `const out = file.startsWith("../")`, [joins(`file.startsWith("../")`)]],
    ["its parts", `const parts = file.split("/")`, [joins(`file.split("/")`)]],
    ["its last part", `const name = file.slice(file.lastIndexOf("/") + 1)`, [joins(`file.lastIndexOf("/")`)]],
    ["a folder", `const inside = folder + "/"`, [joins(`folder + "/"`)]],
    [
      "a backslash",
      String.raw`const path = file.replaceAll("\\", "x")`,
      [joins(String.raw`file.replaceAll("\\", "x")`)],
    ],
    ["a file in a folder", "const file = `${folder}/state.db`", [joins("`${folder}/state.db`")]],
  ])("%s is found elsewhere", (_, source, expected) => {
    assert.deepEqual(platformObjections("src/cli/Foo.ts", source), expected)
    assert.deepEqual(platformObjections("src/platform/Foo.ts", source), [])
  })

  it.each([
    ["a comment", "// Not process.kill, nor /proc/self\nexport const a = 1"],
    ["an address", "const address = `https://${host}:${port}`"],
    ["a member of something else", "child.kill(); host.platform"],
    ["a date", `const [day] = text.split("-")`],
    ["the separator of the system", "const [first] = path.relative(folder, file).split(path.sep)"],
  ])("is not taken for %s", (_, source) => {
    assert.deepEqual(platformObjections("src/cli/Foo.ts", source), [])
  })

  it("is not looked for where a slash is part of a name", () => {
    assert.deepEqual(platformObjections("src/agent/plan/Foo.ts", "const uri = `${forma}/${label}`"), [])
    assert.lengthOf(platformObjections("src/agent/plan/Foo.ts", `process.kill(1)`), 1)
  })
})
