import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { type Ended, makeFolder } from "./formaeCommand.ts"
import { decodeResult } from "./jsonOutput.ts"

const forging = fileURLToPath(new URL("../fixtures/plugins/museum/forges-lines", import.meta.url))

const document = `targets: { here: { namespace: ForgesLines } }
resources:
  - { label: good, type: "ForgesLines::Museum::Exhibit", target: here }
  - { label: bad, type: "ForgesLines::Museum::Exhibit", target: here }
`

/** Anything but printable characters and newlines. */
const unprintable = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u

const isClean = ({ stderr, stdout }: Ended) => {
  assert.notMatch(stdout, unprintable)
  assert.notMatch(stderr, unprintable)
  assert.notMatch(`${stdout}\n${stderr}`, /^net: create done/m)
}

describe("what a plugin says", () => {
  it.live("is made visible wherever it is printed", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", document)
      const applied = yield* formae("apply", "shop.yaml", "--plugins", forging)
      isClean(applied)
      assert.strictEqual(applied.code, 1)
      assert.include(applied.stderr, String.raw`x\u001b[2J\u009b2J\u0007\rzz\u202e\u2028\u0000\u007f`)
      assert.include(applied.stderr, "\n  | net: create done in 3 ms")
      assert.match(applied.stderr, /^[\d-]+T[\d:.]+Z WARN plugin forges-lines \(generation 1, pid \d+\): x\\u001b\[2J/m)
      assert.match(applied.stdout, /^good .* x\\u001b\[2J.*\\nnet: create done in 3 ms$/m)
      const listed = yield* formae("inventory", "--plugins", forging)
      isClean(listed)
      assert.include(listed.stdout, String.raw`\u009b2J`)
    }),
  )

  it.live("is escaped in JSON, and keeps its value there", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", document)
      const applied = yield* formae("apply", "shop.yaml", "--plugins", forging, "--json")
      isClean(applied)
      const { resources } = yield* decodeResult(applied.stdout)
      const id = resources.find(({ label }) => label === "good")?.nativeId
      assert.strictEqual(id, "x\u001b[2J\u009b2J\u0007\rzz\u202e\u2028\u007f\nnet: create done in 3 ms")
    }),
  )
})

describe("what a folder holds", () => {
  it.live("is made visible: names of files, keys of documents, and what a shell made of a pattern", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      const name = "a\u001b[2J\u009b\nnet: create done.yaml"
      write(name, `"k\\u001b[2J\\nnet: create done": 1\n"\\u202e": 2\n`)
      const refused = yield* Effect.forEach(
        [
          ["apply", name],
          ["apply", name, "--json"],
          ["plan", `${name}.not`],
          ["inventory", "--config", name],
          ["inventory", `--\u001b\nnet: create done`],
          ["inventory", "--state", `${name}/state.db`],
          ["plugin", "init", name],
        ],
        (args) => formae(...args),
        { concurrency: 2 },
      )
      for (const ended of refused) {
        isClean(ended)
        assert.strictEqual(ended.code, 2, ended.stderr)
        assert.include(ended.stderr, String.raw`\u001b`)
      }
    }),
  )
})
