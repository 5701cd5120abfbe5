/** The question at a terminal, and what is remembered of the answer. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { appendFileSync, copyFileSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from "node:fs"
import { needs } from "../../needs.ts"
import { answering } from "../atTerminal.ts"
import { makeFolder } from "../formaeCommand.ts"
import { bringHostilePlugin, bringState, makeClone, trace } from "./clone.ts"

/** Runs a command at a terminal, at which somebody types `answer` when asked. */
const atTerminal =
  ({ beginScript }: Effect.Success<typeof makeFolder>) =>
  (answer: string, command: string) =>
    Effect.flatMap(beginScript(`${answering(answer)} $formae ${command}`), ({ ended }) => ended)

const empty = "targets: {}\nresources: []\n"

describe("a cloned folder at a terminal", needs("python3"), () => {
  it.live.each(["n", "", "yep", "Y E S"])("is shown and asked for, and %j leaves it as it was", (answer) =>
    Effect.gen(function* () {
      const clone = yield* makeClone
      const folder = realpathSync(clone.at("."))
      const before = readFileSync(clone.at(".formae/state.db"), "hex")
      const { code, stdout } = yield* atTerminal(clone)(answer, "plan shop.yaml")
      assert.strictEqual(code, 2, stdout)
      for (const said of [
        `The folder ${folder} supplies what you have not trusted yet:`,
        "- the plugin hostile 99.0.0 for the namespace FakeAWS, in place of fake-aws ",
        `    runs ${folder}/.formae/plugins/hostile/main.mjs`,
        "    sees the environment variables FAKEAWS_*, GITHUB_TOKEN, HOME",
        "    of these, not of its namespace: GITHUB_TOKEN\n",
        `- the state ${folder}/.formae/state.db`,
        "create shop/archive",
        "Do you trust all of it? Type y for yes. Anything else, or Enter, is no: [y/N]",
        `The folder ${folder} is not trusted, because you did not say yes. Nothing was started, and nothing was changed\n`,
      ]) {
        assert.include(stdout, said)
      }
      assert.isFalse(clone.has(trace))
      assert.strictEqual(readFileSync(clone.at(".formae/state.db"), "hex"), before)
      const again = yield* clone.formae("plan", "shop.yaml")
      assert.include(again.stderr, "is not trusted")
    }),
  )

  it.live.each(["y", "YES"])("is used after %s, and not asked for again until it changes", (answer) =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      bringState(clone)
      const answered = yield* atTerminal(clone)(answer, "inventory")
      assert.strictEqual(answered.code, 0, answered.stdout)
      assert.include(answered.stdout, "[y/N]")
      assert.match(answered.stdout, /^shop +net /m)
      const unasked = yield* atTerminal(clone)("n", "inventory")
      assert.strictEqual(unasked.code, 0, unasked.stdout)
      assert.notInclude(unasked.stdout, "[y/N]")

      // The state is trusted, and the plugin is new.
      bringHostilePlugin(clone)
      const asked = yield* atTerminal(clone)(answer, "plan shop.yaml")
      assert.notInclude(asked.stdout, "- the state")
      assert.include(asked.stdout, "- the plugin hostile")
      assert.isTrue(clone.has(trace))
      rmSync(clone.at(trace))

      appendFileSync(clone.at(".formae/plugins/hostile/main.mjs"), "// as pulled\n")
      clone.write(".formae/plugins/hostile/lib/added.mjs", "")
      const changed = yield* clone.formae("plan", "shop.yaml")
      assert.strictEqual(changed.code, 2)
      assert.match(changed.stderr, /the plugin hostile .*, changed since you trusted it: lib\/added\.mjs, main\.mjs\n/)
      assert.isFalse(clone.has(trace))
    }),
  )

  it.live("is used after a yes that cannot be remembered, and the next command asks again", () =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      bringState(clone)
      clone.write("taken", "")
      const { beginScript } = clone
      for (const home of ["taken", "/proc/nowhere"]) {
        const place = home === "taken" ? clone.at(home) : home
        const run = beginScript(`XDG_STATE_HOME='${place}' ${answering("y")} $formae inventory`)
        for (const _ of ["once", "again"]) {
          const { code, stdout } = yield* Effect.flatMap(run, ({ ended }) => ended)
          assert.include(stdout, "[y/N]")
          assert.match(stdout, /^It cannot be remembered that you trust this folder: \S+ cannot be used: /m)
          assert.notInclude(stdout, "FileSystem.")
          assert.match(stdout, /^shop +net /m)
          assert.strictEqual(code, 0, stdout)
        }
      }
    }),
  )

  it.live("is not asked for where stdin is a pipe", () =>
    Effect.gen(function* () {
      const clone = yield* makeClone
      const piped = yield* clone.beginScript(`${answering("y")} bash -c "$formae plan - --name shop < shop.yaml"`)
      const { code, stdout } = yield* piped.ended
      assert.notInclude(stdout, "[y/N]")
      assert.include(stdout, "is not trusted, and supplies what this command would use")
      assert.strictEqual(code, 2, stdout)
    }),
  )
})

describe("a state", () => {
  it.live("that a command made itself is used without a question", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", empty)
      for (const args of [["plan", "shop.yaml"], ["apply", "shop.yaml"], ["inventory"], ["plugins"], ["unlock"]]) {
        const { code, stderr } = yield* formae(...args)
        assert.notInclude(stderr, "trust")
        assert.strictEqual(code === 0 || args[0] === "unlock", true, stderr)
      }
    }),
  )

  it.live("that was replaced by a copy, or came from elsewhere, is not one's own", () =>
    Effect.gen(function* () {
      const mine = yield* makeFolder
      mine.write("shop.yaml", empty)
      assert.strictEqual((yield* mine.formae("apply", "shop.yaml")).code, 0)
      const theirs = yield* makeFolder
      theirs.write("shop.yaml", empty)
      theirs.write(".formae/README.md", "")
      for (const name of readdirSync(mine.at(".formae"))) {
        copyFileSync(mine.at(`.formae/${name}`), theirs.at(`.formae/${name}`))
      }
      const cloned = yield* theirs.formae("plan", "shop.yaml")
      assert.strictEqual(cloned.code, 2)
      assert.include(cloned.stderr, "is not trusted")

      // As a checkout does it: another file in the place of the first.
      copyFileSync(mine.at(".formae/state.db"), mine.at("pulled.db"))
      renameSync(mine.at("pulled.db"), mine.at(".formae/state.db"))
      const pulled = yield* mine.formae("apply", "shop.yaml")
      assert.strictEqual(pulled.code, 2)
      assert.match(pulled.stderr, /the state \S+, changed since you trusted it: the file itself/)
    }),
  )
})
