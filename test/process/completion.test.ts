/** What real shells complete with the scripts of the command. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chmodSync, readFileSync } from "node:fs"
import { needs } from "../needs.ts"
import { typingInto } from "./atTerminal.ts"
import { type CommandFolder, main, makeFolder } from "./formaeCommand.ts"
import { bringHostilePlugin, trace } from "./trust/clone.ts"
import { shop } from "./shopDocument.ts"

const document = `${shop}outputs:
  cidr: { $text: "in \${net.CidrBlock}" }
`

/** A folder with a state, and the command under its name: any command but a question of a script only shows its words. */
const makeShop = Effect.gen(function* () {
  const folder = yield* makeFolder
  folder.write("shop.yaml", document)
  folder.write("parameters.prod.yaml", "")
  folder.write("parameters.dev.json", "{}")
  folder.write(
    "bin/formae",
    `#!/bin/sh\n[ "$1" = __complete ] || { echo "ran: $*"; exit; }\nexec '${process.execPath}' '${main}' "$@"\n`,
  )
  chmodSync(folder.at("bin/formae"), 0o755)
  const applied = yield* folder.formae("apply", "shop.yaml")
  assert.strictEqual(applied.code, 0, applied.stderr)
  return folder
})

const scriptFor = ({ formae, write }: CommandFolder, shell: string, file: string) =>
  Effect.map(formae("--completions", shell), ({ stdout }) => write(file, stdout))

const run = ({ beginScript }: CommandFolder, script: string) =>
  Effect.flatMap(beginScript(script), ({ ended }) => ended)

/** As bash does it: the words, and the part of the last one after what it takes for the end of a word. */
const harness = `PATH="$PWD/bin:$PATH"
source ./formae.bash
try() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  COMP_LINE="$*"
  [ -z "$JOINED" ] || COMP_LINE="\${JOINED}"
  COMP_POINT=\${#COMP_LINE}
  $(complete -p formae | sed 's/.*-F \\([^ ]*\\) .*/\\1/') formae "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
  echo "\${COMPREPLY[*]}"
}
`

describe("the script for bash", () => {
  it.live("completes commands, flags and files, and the names that the state, the document and its folder have", () =>
    Effect.gen(function* () {
      const folder = yield* makeShop
      yield* scriptFor(folder, "bash", "formae.bash")
      const state = () => readFileSync(folder.at(".formae/state.db"), "hex")
      const before = state()
      bringHostilePlugin(folder)
      const lines: ReadonlyArray<readonly [line: string, completed: string]> = [
        ["try formae val", "validate"],
        ["try formae plan sho", "shop.yaml"],
        ["try formae plan --js", "--json"],
        ["try formae show ''", "block net password"],
        ["try formae show --json b", "block"],
        ["try formae output ''", "shop shop.cidr"],
        ["try formae destroy shop.yaml --name ''", "shop"],
        ["try formae plan shop.yaml --env ''", "dev prod"],
        ["try formae resume s", "shop"],
        ["try formae apply shop.yaml --only ''", "block net password"],
        ["JOINED='formae types AWS::S3::BucketP' try formae types AWS :: S3 :: BucketP", "BucketPolicy"],
      ]
      const { code, stderr, stdout } = yield* run(folder, harness + lines.map(([line]) => line).join("\n"))
      assert.strictEqual(stderr, "")
      assert.deepEqual(
        stdout.trimEnd().split("\n"),
        lines.map(([, completed]) => completed),
      )
      assert.strictEqual(code, 0)
      assert.isFalse(folder.has(trace), "no plugin is started")
      assert.strictEqual(state(), before)
    }),
  )

  it.live("says nothing of a state that nobody has said yes to, and nothing where something is wrong", () =>
    Effect.gen(function* () {
      const folder = yield* makeShop
      const ask = (...words: ReadonlyArray<string>) =>
        folder.formaeAs({}, { XDG_STATE_HOME: folder.at("other") })(...words)
      folder.write("broken.yaml", "resources: [")
      folder.write("broken.db", "no state")
      const [own, ...others] = yield* Effect.all(
        [
          folder.formae("__complete", "2", "formae", "show", "n"),
          ask("__complete", "2", "formae", "show", "n"),
          folder.formae("__complete", "4", "formae", "show", "--state", "broken.db", ""),
          folder.formae("__complete", "4", "formae", "plan", "gone/broken.yaml", "--env", ""),
          folder.formae("__complete"),
        ],
        { concurrency: 2 },
      )
      assert.strictEqual(own?.stdout, "net\n")
      for (const ended of others) assert.deepEqual(ended, { code: 0, stdout: "", stderr: "" })
    }),
  )
})

describe("the script for zsh", needs("zsh"), () => {
  it.live("completes commands, and the names that the state has, in a folder of functions", () =>
    Effect.gen(function* () {
      const folder = yield* makeShop
      yield* scriptFor(folder, "zsh", "functions/_formae")
      folder.write(
        ".zshrc",
        `PATH="$PWD/bin:$PATH"\nPS1='ask> '\nfpath=($PWD/functions $fpath)\nautoload -Uz compinit && compinit -D -u\n`,
      )
      const typed = [
        "formae vali\t",
        "formae show pass\t",
        "formae output shop.\t",
        "formae plan shop.yaml --env pr\t",
        "exit",
      ]
      const { stdout } = yield* run(folder, `ZDOTDIR="$PWD" ${typingInto("ask> ", ...typed)} zsh -i`)
      for (const ran of ["validate", "show password", "output shop.cidr", "plan shop.yaml --env prod"]) {
        assert.include(stdout, `ran: ${ran}\n`)
      }
    }),
  )
})
