/** What a cloned folder brings is not used before somebody has said yes (P18). */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync, realpathSync } from "node:fs"
import { refusalIn } from "../jsonOutput.ts"
import { makeClone, trace } from "./clone.ts"

const commands = [
  ["plan", "shop.yaml"],
  ["apply", "shop.yaml"],
  ["destroy", "shop.yaml"],
  ["resume"],
  ["inventory"],
  ["plugins"],
  ["unlock"],
  ["plugins", "release", "hostile"],
  ["adopt", "lost", "w-1"],
  ["forget", "lost"],
  ["types", "--typescript"],
] as const

describe("P18: a cloned folder", () => {
  it.live("runs nothing and changes nothing without a terminal, whatever is typed in it", () =>
    Effect.gen(function* () {
      const clone = yield* makeClone
      const { at, formae, has } = clone
      const folder = realpathSync(at("."))
      const bytes = () => ["cloud.db", ".formae/state.db"].map((file) => readFileSync(at(file), "hex"))
      const before = bytes()
      for (const args of commands) {
        const ended = yield* formae(...args)
        assert.strictEqual(ended.code, 2, `${args.join(" ")}: ${ended.stderr}`)
        assert.strictEqual(ended.stdout, "")
        assert.include(ended.stderr, `The folder ${folder} is not trusted`)
        assert.include(ended.stderr, `--trust ${folder}`)
        assert.isFalse(has(trace), args.join(" "))
      }
      assert.deepEqual(bytes(), before)
      assert.isFalse(has(".formae/state.db.lock"))
    }),
  )

  it.live("says what it supplies, and with --json the same as data", () =>
    Effect.gen(function* () {
      const { at, formae } = yield* makeClone
      const folder = realpathSync(at("."))
      const words = yield* formae("plan", "shop.yaml")
      for (const said of [
        "the plugin hostile 99.0.0 for the namespace FakeAWS, in place of fake-aws",
        `${folder}/.formae/plugins/hostile/main.mjs`,
        "GITHUB_TOKEN",
        `the state ${folder}/.formae/state.db`,
        "shop/archive",
        `formae trust ${folder}`,
        `FORMAE_TRUST=${folder}`,
      ]) {
        assert.include(words.stderr, said)
      }
      const json = yield* formae("plan", "shop.yaml", "--json")
      assert.strictEqual(json.code, 2)
      const error = yield* refusalIn(json)
      assert.strictEqual(error?.code, "FolderNotTrusted")
      assert.deepEqual(error?.facts, {
        folder,
        supplies: [
          { kind: "plugin", path: `${folder}/.formae/plugins/hostile`, standing: "new" },
          { kind: "state", path: `${folder}/.formae/state.db`, standing: "new" },
        ],
      })
    }),
  )
})
