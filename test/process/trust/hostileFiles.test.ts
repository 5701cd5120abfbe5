/** What a folder may have in the place of a file that the gate looks at: links, pipes and devices (P18). */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { dirname } from "node:path"
import { needs } from "../../needs.ts"
import { type CommandFolder, makeFolder } from "../formaeCommand.ts"
import { bringState } from "./clone.ts"

const devices = needs("/dev/zero and mkfifo", existsSync("/dev/zero"))

const makePipe = ({ at }: CommandFolder, file: string) => execFileSync("mkfifo", [at(file)])

describe("a folder that brings a link", () => {
  it.live("to a state is not trusted, also where others may write the folder of the link", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      bringState(folder)
      const { at, formae } = folder
      renameSync(at(".formae"), at("elsewhere"))
      chmodSync(at("elsewhere"), 0o755)
      mkdirSync(at(".formae"))
      chmodSync(at(".formae"), 0o777)
      symlinkSync("../elsewhere/state.db", at(".formae/state.db"))
      const { code, stderr, stdout } = yield* formae("inventory")
      assert.strictEqual(code, 2, stdout)
      assert.include(stderr, "is not trusted")
      assert.include(stderr, "/elsewhere/state.db, which ")
    }),
  )
})

describe("a folder that brings something else", () => {
  it.live.each([
    [".formae", "", "a part of the path is not a folder"],
    [".formae/plugins", "plugins", "it is a link that leads back to itself"],
  ] as const)("in the place of %s is told how to go on", ([path, link, reason]) =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("shop.yaml", "targets: {}\nresources: []\n")
      mkdirSync(dirname(at(path)), { recursive: true })
      if (link === "") write(path, "")
      else symlinkSync(link, at(path))
      const { code, stderr } = yield* formae("plan", "shop.yaml")
      assert.strictEqual(code, 2)
      assert.strictEqual(
        stderr,
        `.formae/plugins cannot be looked for: ${reason}. Nothing was done. Move away what is in the place of it, or of a folder on the way to it\n`,
      )
    }),
  )
})

describe("a folder that brings something without an end", devices, () => {
  it.live.each(["plan", "plugins"])("in the place of a manifest is told what it is by %s", (command) =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { at, formae, write } = folder
      write("shop.yaml", "targets: {}\nresources: []\n")
      for (const name of ["pipe", "zero"]) mkdirSync(at(`.formae/plugins/${name}`), { recursive: true })
      makePipe(folder, ".formae/plugins/pipe/formae-plugin.json")
      symlinkSync("/dev/zero", at(".formae/plugins/zero/formae-plugin.json"))
      const { code, stderr } = yield* formae(command, ...(command === "plan" ? ["shop.yaml"] : []))
      assert.strictEqual(code, 0, stderr)
      if (command === "plan") return
      for (const name of ["pipe", "zero"]) {
        assert.match(stderr, new RegExp(`^Rejected: \\S+/${name}/formae-plugin\\.json: it is not a file$`, "m"))
      }
    }),
  )

  it.live.each(["state.db-wal", "state.db.writes", "state.db.key"])("in the place of %s is refused", (name) =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      bringState(folder)
      rmSync(folder.at(`.formae/${name}`), { force: true })
      makePipe(folder, `.formae/${name}`)
      chmodSync(folder.at(`.formae/${name}`), 0o600)
      const used = yield* folder.formae("inventory")
      assert.strictEqual(used.code, 2)
      assert.match(used.stderr, new RegExp(`${name.replaceAll(".", "\\.")} .*is a device or a pipe, and not a file`))
      const trusted = yield* folder.formae("trust", ".")
      assert.include(trusted.stdout, "its open operations cannot be read")
    }),
  )
})
