import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { commandLineObjections, commandNames } from "./commandLine.ts"
import { root, typescript } from "./sources.ts"

describe("the command line", () => {
  it("is named by the command only", () => {
    assert.includeMembers([...commandNames()], ["apply", "plan", "resume", "adopt", "forget", "plugins", "release"])
    assert.deepEqual(
      typescript("src", "plugins").flatMap((file) =>
        commandLineObjections(file, readFileSync(join(root, file), "utf8")),
      ),
      [],
    )
  })

  it.each([
    ["a command in a string", 'const advice = "run formae resume"', ["formae resume"]],
    [
      "a command in a template",
      'const advice = (label) => `"formae adopt ${label} ID --forma x"`',
      ["formae adopt", "--forma"],
    ],
    ["a flag", 'const advice = { remedy: "name another file with --state" }', ["--state"]],
    ["a flag that does not exist", 'throw new Error("use --force")', ["--force"]],
  ])("is found where a message has %s", (_, source, named) => {
    assert.deepEqual(
      commandLineObjections("src/agent/Foo.ts", source),
      named.map((one) => `src/agent/Foo.ts names ${one}: state the fact, and leave the advice to src/cli/advice`),
    )
    assert.deepEqual(commandLineObjections("src/cli/Foo.ts", source), [])
  })

  it.each([
    ["a comment", '/** As `formae resume --state`. */\nconst a = "a"'],
    ["a flag of Node", 'const flags = ["--max-old-space-size=64", "--conditions=formae-source"]'],
    ["formae as a subject", 'const why = "formae was cut off while it ran"'],
  ])("is not found in %s", (_, source) => {
    assert.deepEqual(commandLineObjections("src/agent/Foo.ts", source), [])
  })
})
