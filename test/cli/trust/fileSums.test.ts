import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { chownSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { fileSums, sumLimits } from "../../../src/cli/trust/fileSums.ts"
import { needs } from "../../needs.ts"
import { makeFolder } from "./folder.ts"

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex")

describe("the sums of a plugin", () => {
  it.live("are those of its files, except what was installed and what was compiled", () =>
    Effect.gen(function* () {
      const { at, layer, write } = yield* makeFolder
      const files = ["formae-plugin.json", "main.mjs", "lib/deep/a.mjs", "package-lock.json"]
      for (const file of files) write(file, file)
      for (const file of ["node_modules/a/index.js", "lib/node_modules/b.js", ".compiled/x", ".git/HEAD"])
        write(file, "")
      assert.deepEqual(
        yield* Effect.provide(fileSums(at(".")), layer),
        Object.fromEntries(files.map((file) => [file, sha256(file)])),
      )
    }),
  )

  it.live("follow a link to a file, do not enter a folder by a link, and wait for no pipe", () =>
    Effect.gen(function* () {
      const { at, layer, write } = yield* makeFolder
      write("elsewhere/lib.mjs", "lib")
      write("plugin/main.mjs", "main")
      symlinkSync("../elsewhere/lib.mjs", at("plugin/lib.mjs"))
      symlinkSync("../elsewhere", at("plugin/folder"))
      symlinkSync("nowhere", at("plugin/broken"))
      symlinkSync(".", at("plugin/round"))
      execFileSync("mkfifo", [at("plugin/pipe")])
      const before = yield* Effect.provide(fileSums(at("plugin")), layer)
      assert.deepEqual(before, {
        "main.mjs": sha256("main"),
        "lib.mjs": `link to ../elsewhere/lib.mjs ${sha256("lib")}`,
        folder: "link to ../elsewhere Directory",
        broken: "link to nowhere missing",
        round: "link to . Directory",
        pipe: "FIFO",
      })
      write("elsewhere/lib.mjs", "another")
      assert.notDeepEqual(yield* Effect.provide(fileSums(at("plugin")), layer), before)
    }),
  )

  it.live.each(["node_modules/it/main.mjs", ".compiled/main.cjs", "lib/.git/main.mjs"])(
    "have that of the entry, even if it is %s",
    (entry) =>
      Effect.gen(function* () {
        const { at, layer, write } = yield* makeFolder
        write("formae-plugin.json", "")
        write(entry, "main")
        write("node_modules/other.mjs", "")
        assert.deepEqual(yield* Effect.provide(fileSums(at("."), at(entry)), layer), {
          "formae-plugin.json": sha256(""),
          [entry]: sha256("main"),
        })
      }),
  )

  it.live("are not made where a name is not UTF-8, because its file could change unseen", () =>
    Effect.gen(function* () {
      const { at, layer, write } = yield* makeFolder
      write("main.mjs", "")
      writeFileSync(Buffer.concat([Buffer.from(`${at(".")}/`), Buffer.from([0xff])]), "")
      const error = yield* Effect.flip(Effect.provide(fileSums(at(".")), layer))
      assert.deepInclude(error, { _tag: "NotSummed", path: at("\u{fffd}") })
    }),
  )

  it.live("have a bound in files and in bytes", () =>
    Effect.gen(function* () {
      const { at, layer, write } = yield* makeFolder
      write("large/main.mjs", "")
      truncateSync(at("large/main.mjs"), sumLimits.bytes + 1)
      for (let index = 0; index <= sumLimits.files; index++) write(`many/${index}`, "")
      for (const folder of ["large", "many"]) {
        const error = yield* Effect.flip(Effect.provide(fileSums(at(folder)), layer))
        assert.deepInclude(error, { _tag: "NotSummed", path: at(folder) })
      }
    }),
  )
})

describe("a file of another user", needs("root, to give files away", process.getuid?.() === 0), () => {
  it.live("has no sum, wherever it is in the folder", () =>
    Effect.gen(function* () {
      const { at, layer, write } = yield* makeFolder
      write("lib/a.mjs", "")
      chownSync(at("lib/a.mjs"), 65_534, 65_534)
      const error = yield* Effect.flip(Effect.provide(fileSums(at(".")), layer))
      assert.deepInclude(error, { _tag: "NotOwned", uid: 65_534 })
    }),
  )
})
