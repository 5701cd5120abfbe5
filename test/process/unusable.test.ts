/** What a command says where it cannot even begin: a sentence with the way out, exit 2, and nothing changed. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { chmodSync } from "node:fs"
import { type Ended, makeFolder } from "./formaeCommand.ts"
import { refusalIn } from "./jsonOutput.ts"

const empty = "targets: {}\nresources: []\n"
const nobody = { uid: 65_534, gid: 65_534 }
const isRoot = process.getuid?.() === 0

const isRefused = (ended: Ended, says: RegExp) => {
  assert.match(ended.stderr, says)
  assert.notInclude(ended.stderr, "    at ")
  assert.strictEqual(ended.code, 2, ended.stderr)
}

const Refusal = Schema.fromJsonString(
  Schema.Struct({
    command: Schema.String,
    status: Schema.Literal("refused"),
    error: Schema.Struct({ code: Schema.String, message: Schema.String }),
  }),
)

describe("a place that cannot be used", () => {
  it.live.skipIf(!isRoot)("is named, if it is a folder that may not be entered", () =>
    Effect.gen(function* () {
      const { at, formaeAs, write } = yield* makeFolder
      write("shop.yaml", empty)
      write(".formae/notes.txt", "")
      chmodSync(at("."), 0o755)
      chmodSync(at(".formae"), 0o000)
      const commands = [["apply", "shop.yaml"], ["plan", "shop.yaml"], ["inventory"], ["plugins"], ["unlock"]]
      for (const args of [...commands, ["plugins", "release", "it"]]) {
        isRefused(
          yield* formaeAs(nobody)(...args),
          /\.formae\/\S+ cannot be looked for: permission denied\. Nothing was done\. Give this user access/,
        )
      }
    }),
  )

  it.live("is named, if it is a working folder that was deleted", () =>
    Effect.gen(function* () {
      const { beginScript } = yield* makeFolder
      const gone = "mkdir gone; cd gone; rmdir ../gone; $formae"
      const words = yield* Effect.flatMap(beginScript(`${gone} inventory`), ({ ended }) => ended)
      isRefused(words, /^The working folder was deleted, .* Change to a folder that exists/)
      const json = yield* Effect.flatMap(beginScript(`${gone} inventory --json`), ({ ended }) => ended)
      assert.strictEqual((yield* refusalIn(json))?.code, "WorkingFolderMissing")
    }),
  )

  it.live("is named, if it is a process with too few descriptors", () =>
    Effect.gen(function* () {
      const { beginScript, has, write } = yield* makeFolder
      write("shop.yaml", empty)
      const ended = yield* Effect.flatMap(beginScript("ulimit -n 40; $formae apply shop.yaml"), ({ ended }) => ended)
      isRefused(ended, /^This process may not open the \d+ files and pipes .* "ulimit -n 1024"/)
      assert.isFalse(has(".formae"))
    }),
  )

  it.live("is named, if it is a place for a state where no files can be made", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", empty)
      for (const state of ["/proc/formae/state.db", "/proc/state.db", "shop.yaml/state.db", "/dev/null/state.db"]) {
        isRefused(
          yield* formae("apply", "shop.yaml", "--state", state),
          /^The state file \S+ cannot be used: nothing can be made in \S+: .* Or name another state file with --state/,
        )
      }
    }),
  )
})

describe("a path that leads to something else", () => {
  it.live.each(["apply", "plan"])("is named, if it should be a state file: %s", (command) =>
    Effect.gen(function* () {
      const { at, formae, formaeAs, write } = yield* makeFolder
      write("shop.yaml", empty)
      const cases = [
        [".", "it is a folder"],
        ["/dev/null", "it is a device or a pipe, and not a file"],
      ] as const
      chmodSync(at("."), 0o755)
      for (const [state, reason] of cases) {
        // The second of them may not write there, and so reads a copy.
        for (const run of [formae, ...(isRoot ? [formaeAs(nobody)] : [])]) {
          isRefused(
            yield* run(command, "shop.yaml", "--state", state),
            new RegExp(`^The state file ${state} cannot be used: ${reason}\\. Nothing was changed\\. `),
          )
        }
      }
    }),
  )

  it.live("is named, if it should be a document", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", empty)
      isRefused(
        yield* formae("plan", "shop.yaml/net.yaml"),
        /^The document shop\.yaml\/net\.yaml cannot be read: a part of the path is not a folder\n$/,
      )
      isRefused(
        yield* formae("plan", "a".repeat(5_000)),
        /^The document a+ cannot be read: the name is too long for this system\n$/,
      )
    }),
  )

  it.live.skipIf(!isRoot)("is named, if it is a plugin folder that this user may not read", () =>
    Effect.gen(function* () {
      const { at, formaeAs, write } = yield* makeFolder
      write(
        "shop.yaml",
        `targets: { it: { namespace: It } }\nresources: [{ label: it, type: It::It::It, target: it }]\n`,
      )
      write("plugins/it/formae-plugin.json", "{}")
      chmodSync(at("."), 0o755)
      for (const [folder, closed] of [
        ["plugins", "plugins"],
        ["plugins", "plugins/it"],
      ] as const) {
        chmodSync(at(closed), 0o000)
        const ended = yield* formaeAs(nobody)("plan", "shop.yaml", "--plugins", folder)
        chmodSync(at(closed), 0o755)
        isRefused(ended, new RegExp(`No plugin serves the namespace It.*${closed}\\S*: this user may not read it`))
      }
    }),
  )
})

describe("a text that cannot be used", () => {
  it.live.each([
    ["in UTF-16", Buffer.from(`\ufeff${empty}`, "utf16le"), /is in UTF-16; save it as UTF-8\n$/],
    ["in UTF-16 without a mark", Buffer.from(empty, "utf16le"), /is in UTF-16; save it as UTF-8\n$/],
    ["in Latin-1", Buffer.from(`${empty}name: café\n`, "latin1"), /is not UTF-8 \(line 3\); save it as UTF-8\n$/],
  ] as const)("is refused, if it is %s", ([, bytes, says]) =>
    Effect.gen(function* () {
      const { beginScript, formae, has, write } = yield* makeFolder
      write("shop.yaml", empty)
      write("bad.yaml", bytes)
      isRefused(yield* formae("apply", "bad.yaml"), says)
      isRefused(yield* formae("apply", "shop.yaml", "--config", "bad.yaml"), says)
      const piped = yield* beginScript("$formae apply - --name shop < bad.yaml")
      isRefused(yield* piped.ended, says)
      assert.isFalse(has(".formae"))
    }),
  )

  it.live.each<[open: string, column: number]>([
    ["[", 203],
    ["{a: ", 800],
    ["- ", 403],
  ])("is refused, if it has 2,000 levels of %s", ([open, column]) =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      const close = { "[": "]", "{a: ": "}" }[open] ?? ""
      write("deep.yaml", `${empty}name:\n  ${open.repeat(2_000)}it${close.repeat(2_000)}\n`)
      isRefused(
        yield* formae("apply", "deep.yaml"),
        new RegExp(
          `^deep\\.yaml:${empty.split("\n").length + 1}:${column} the document is nested deeper than 200 levels`,
        ),
      )
      assert.isFalse(has(".formae"))
    }),
  )
})

describe("a mistake in the command line", () => {
  it.live.each([
    [["apply", "shop.yaml", "--colour", "--json"], "apply", "formae apply has no flag --colour"],
    [["plugin", "test", "--json"], "plugin test", "formae plugin test needs <dir>"],
  ] as const)("is printed as JSON too, if that was asked for: %s", ([args, command, says]) =>
    Effect.gen(function* () {
      const { formae } = yield* makeFolder
      const ended = yield* formae(...args)
      assert.strictEqual(ended.code, 2)
      const refusal = yield* Schema.decodeEffect(Refusal)(ended.stdout)
      assert.deepEqual([refusal.command, refusal.error.code], [command, "UsageInvalid"])
      assert.include(refusal.error.message, says)
      assert.include(ended.stderr, says)
    }),
  )
})

describe("a command that changes nothing", () => {
  it.live("makes no folder and no state", () =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      write("shop.yaml", empty)
      for (const args of [
        ["plan", "shop.yaml"],
        ["inventory"],
        ["plan", "shop.yaml", "--state", "some/where/state.db"],
      ]) {
        assert.strictEqual((yield* formae(...args)).code, 0)
      }
      assert.isFalse(has(".formae"))
      assert.isFalse(has("some"))
    }),
  )
})
