import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { needs } from "../../needs.ts"
import { answering } from "../atTerminal.ts"
import { makeFolder, makeFolderOfSource } from "../formaeCommand.ts"

const plugins = (name: string) => fileURLToPath(new URL(`../../fixtures/plugins/${name}`, import.meta.url))

describe.concurrent("formae plugin test", () => {
  it.live("prints a report, and exits with 0 if a plugin conforms", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { code, stderr, stdout } = yield* folder.formae("plugin", "test", plugins("wrong"))
      assert.strictEqual(code, 0, stdout)
      assert.match(stderr, /^(?:(?:ok|skipped): (?:the plugin|Wrong::Disk::Thing) .*\n)+$/)
      assert.include(stderr, "ok: the plugin answers the handshake\n")
      assert.include(stderr, "ok: Wrong::Disk::Thing creates the resource\n")
      assert.match(stdout, /^wrong \(Wrong\)\n {2}✓ .*\n/)
      assert.match(stdout, /\nWrong::Disk::Thing\n {2}✓ .*\n/)
      assert.match(stdout, /\nwrong 1\.0\.0: 89 passed, 4 skipped, in [\d.]+ s\n$/)
    }),
  )

  it.live("exits with 1 if it does not, with one JSON document on stdout", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const ended = yield* folder.formae("plugin", "test", plugins("museum/exits-before-the-handshake"), "--json")
      assert.strictEqual(ended.code, 1)
      assert.include(ended.stderr, "failed: the plugin answers the handshake\n")
      const report = JSON.parse(ended.stdout)
      assert.deepInclude(report, { command: "plugin test", status: "failed", plugin: "exits-before-the-handshake" })
      const failed = report.checks.filter((check: { readonly status: string }) => check.status === "failed")
      assert.lengthOf(failed, 1)
      assert.deepInclude(failed[0], { id: "handshake.answer", section: "4. The handshake", type: null })
      assert.include(failed[0].seen, "exited with code 3; it printed: no license was found")
    }),
  )

  it.live.each([
    [["nowhere"], "nowhere is not a plugin: it has no formae-plugin.json"],
    [[plugins("museum")], "plugins: name the folder of one of them"],
    [
      [plugins("wrong"), "--type", "Wrong::Disk::Other"],
      "does not know the type Wrong::Disk::Other; it serves: Wrong::Disk::Thing",
    ],
    [[plugins("wrong"), "--check", "type.everything"], "There is no check type.everything"],
    [[], "dir"],
  ] as const)("exits with 2 if it is given %j", ([args, says]) =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { code, stderr, stdout } = yield* folder.formae("plugin", "test", ...args)
      assert.deepEqual([code, stdout], [2, ""], stderr)
      assert.include(stderr, says)
    }),
  )

  it.live("exits with 2 where nothing temporary can be made, and says where and the way out", () =>
    Effect.gen(function* () {
      const { at, formaeAs } = yield* makeFolder
      const ended = yield* formaeAs({}, { TMPDIR: at("gone") })("plugin", "test", plugins("wrong"))
      assert.deepInclude(ended, {
        code: 2,
        stdout: "",
        stderr: `No temporary folder can be made in ${at("gone")}: there is no such folder. Set TMPDIR to a folder that this user may write to\n`,
      })
    }),
  )

  it.live("says where in the samples a mistake is", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const manifest = { name: "it", namespace: "It", version: "1.0.0", protocol: { min: 1, max: 1 } }
      folder.write(
        "formae-plugin.json",
        JSON.stringify({ ...manifest, minAgentVersion: "0.1.0", entry: "it.mjs", environment: [] }),
      )
      folder.write("it.mjs", "")
      folder.write("formae-samples.yaml", "samples:\n  - { type: It::A::B }\n")
      const { code, stdout } = yield* folder.formae("plugin", "test", ".", "--json")
      assert.strictEqual(code, 2)
      const { error, status } = JSON.parse(stdout)
      assert.deepEqual([status, error.code], ["refused", "SamplesInvalid"])
      assert.deepEqual(error.issues, [
        { path: ["samples", 0, "properties"], message: "is missing", line: 2, column: 5 },
      ])
    }),
  )
})

describe("formae plugin test on a terminal", needs("python3"), () => {
  it.live("keeps a line of each check that has ended, above the report", () =>
    Effect.gen(function* () {
      const { beginScript } = yield* makeFolder
      const test = `$formae plugin test ${plugins("wrong")} --check type.create`
      const script = `TERM=xterm FORCE_COLOR=1 NO_COLOR= ${answering("y")} ${test}`
      const { code, stdout } = yield* Effect.flatMap(beginScript(script), ({ ended }) => ended)
      assert.strictEqual(code, 0, stdout)
      const [shown = "", report = ""] = stdout.split("wrong (Wrong)\n")
      const lines = shown.trimEnd().replaceAll("\u001b", "␛").split("\n")
      for (const line of lines) assert.match(line, /^␛\[32mok␛\[39m: (the plugin|Wrong::Disk::Thing) [^␛]+$/)
      const count = Number(/wrong 1\.0\.0: (\d+) passed/.exec(report)?.[1])
      assert.isAbove(count, 1)
      assert.lengthOf(lines, count, stdout)
    }),
  )
})

describe("formae plugin init", () => {
  it.live("overwrites nothing, and uses the names that it was given", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolderOfSource
      folder.write("mine/notes.txt", "mine")
      const taken = yield* folder.formae("plugin", "init", "mine")
      assert.deepEqual(taken, {
        code: 2,
        stdout: "",
        stderr: "The folder mine is not empty: it contains notes.txt; nothing was written\n",
      })
      const made = yield* folder.formae(
        "plugin",
        "init",
        "mine",
        "--dir",
        "sub/it",
        "--namespace",
        "Disks",
        "--formae",
        "0.1.0",
        "--json",
      )
      assert.strictEqual(made.code, 0, made.stderr)
      const { directory, files, status } = JSON.parse(made.stdout)
      assert.deepEqual([status, directory], ["succeeded", "sub/it"])
      assert.includeMembers(files, ["package.json", "formae-plugin.json", ".gitignore", "src/TextFile.ts"])
      const text =
        folder.bytesIn("sub/it/src") + folder.textOf("sub/it/package.json") + folder.textOf("sub/it/forma.yaml")
      assert.include(text, `type: "Disks::Disk::TextFile"`)
      assert.include(text, `"formae": "0.1.0"`)
      assert.notMatch(text, /__\w+__/)
      assert.strictEqual((yield* folder.formae("plugin", "init", "mine", "--dir", "sub/it")).code, 2)
    }),
  )

  it.live.each([
    [
      "Mine",
      [],
      "The plugin name Mine is not valid: use lowercase letters, digits and dashes, and start with a letter or a digit\n",
    ],
    ["9lives", [], "The namespace 9lives is not valid: Expected a namespace such as AWS\n"],
    ["mine", ["--namespace", "a b"], "The namespace a b is not valid: Expected a namespace such as AWS\n"],
  ] as const)("refuses %s %j", ([name, flags, says]) =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      assert.deepEqual(yield* folder.formae("plugin", "init", name, ...flags), { code: 2, stdout: "", stderr: says })
      assert.isFalse(folder.has(name))
    }),
  )
})
