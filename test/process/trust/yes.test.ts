/** The ways to say yes to what a folder supplies, and what needs none. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chmodSync, chownSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { pluginsFolder } from "../../bundles/folders.ts"
import { needs } from "../../needs.ts"
import { type CommandFolder, makeFolder } from "../formaeCommand.ts"
import { bringHostilePlugin, bringState, makeClone, trace } from "./clone.ts"

const other = 65_534

/** A folder for what the command remembers, which no other test sees. */
const ownRecords = ({ at, formaeAs }: CommandFolder, environment: NodeJS.ProcessEnv = {}) =>
  formaeAs({}, { XDG_STATE_HOME: at("records"), ...environment })

const trusts = ({ at }: CommandFolder) => readdirSync(at("records/formae/trust"))

describe("a yes", () => {
  it.live("is remembered by formae trust, for this user alone, until it is revoked", () =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      bringState(clone)
      const formae = ownRecords(clone)
      const folder = realpathSync(clone.at("."))
      const granted = yield* formae("trust", ".")
      assert.strictEqual(granted.code, 0, granted.stderr)
      assert.include(granted.stdout, `The folder ${folder} is trusted, with\n- the state ${folder}/.formae/state.db\n`)
      assert.include(granted.stdout, "create shop/archive")
      assert.strictEqual((yield* formae("inventory")).code, 0)

      const [name = ""] = trusts(clone)
      assert.strictEqual(statSync(clone.at(`records/formae/trust/${name}`)).mode & 0o777, 0o600)
      assert.strictEqual(statSync(clone.at("records/formae/trust")).mode & 0o777, 0o700)

      const listed = yield* formae("trust", "--list")
      assert.match(listed.stdout, new RegExp(`${folder} +state +${folder}/\\.formae/state\\.db +\\d{4}-`))
      const json = JSON.parse((yield* formae("trust", "--list", "--json")).stdout)
      assert.deepInclude(json.folders[0], { folder, supplies: [{ kind: "state", path: `${folder}/.formae/state.db` }] })

      assert.strictEqual((yield* formae("trust", "--revoke", ".")).code, 0)
      assert.deepEqual(trusts(clone), [])
      assert.strictEqual((yield* formae("inventory")).code, 2)
      const nothing = yield* formae("trust", "--revoke", ".")
      assert.strictEqual(nothing.code, 2)
      assert.include(nothing.stderr, "was not trusted. Nothing was changed")
    }),
  )

  it.live("is said for one command by --trust or FORMAE_TRUST, and not remembered", () =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      bringState(clone)
      const { at } = clone
      assert.strictEqual((yield* ownRecords(clone)("inventory", "--trust", ".")).code, 0)
      const listed = ["/nowhere", at(".")].join(":")
      assert.strictEqual((yield* ownRecords(clone, { FORMAE_TRUST: listed })("inventory")).code, 0)
      assert.isFalse(clone.has("records"))
      // Neither a folder above nor one below it was meant.
      for (const elsewhere of [dirname(at(".")), at(".formae")]) {
        assert.strictEqual((yield* ownRecords(clone, { FORMAE_TRUST: elsewhere })("inventory")).code, 2)
      }
      const missing = yield* ownRecords(clone)("inventory", "--trust", "gone")
      assert.strictEqual(missing.code, 2)
      assert.strictEqual(missing.stderr, "There is no such folder to trust: gone\n")
    }),
  )

  it.live("is not needed for what is named, nor for what a folder does not supply", () =>
    Effect.gen(function* () {
      const clone = yield* makeClone
      const { formae, has, write } = clone
      write("agent.yaml", `state: mine.db\nonlyPlugins: ["${pluginsFolder}"]\n`)
      for (const named of [
        ["--config", "agent.yaml"],
        ["--state", "other.db", "--only-plugins", pluginsFolder],
      ]) {
        const { code, stderr } = yield* formae("plan", "1-before.yaml", ...named)
        assert.strictEqual(code, 0, stderr)
      }
      assert.isFalse(has(trace))
      yield* formae("plan", "shop.yaml", "--state", ".formae/state.db", "--plugins", ".formae/plugins")
      assert.isTrue(has(trace))
      const nothing = yield* makeFolder
      assert.include((yield* nothing.formae("trust", ".")).stdout, "so there is nothing to trust. Nothing was changed")
    }),
  )

  it.live("for a state that is one's own is given again where it could not be remembered", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      folder.write("shop.yaml", "targets: {}\nresources: []\n")
      for (const environment of [
        { XDG_STATE_HOME: folder.at("shop.yaml") },
        { XDG_STATE_HOME: "", HOME: "", USERPROFILE: "" },
      ]) {
        rmSync(folder.at(".formae"), { recursive: true, force: true })
        const formae = folder.formaeAs({}, environment)
        const { code, stderr } = yield* formae("apply", "shop.yaml")
        assert.strictEqual(code, 0, stderr)
        assert.match(stderr, /^It cannot be remembered that this state is yours: .*\. The next command will ask for it/)
        assert.strictEqual((yield* formae("inventory")).code, 2)
        assert.strictEqual((yield* formae("inventory", "--trust", ".")).code, 0)
      }
    }),
  )

  it.live("is not needed for the user's own plugins", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const at = (file: string) => folder.at(join("config/formae", file.replace(/^\.formae\//, "")))
      const environment = { XDG_CONFIG_HOME: folder.at("config") }
      bringHostilePlugin({
        ...folder,
        write: (file, text) => folder.write(join("config/formae", file.replace(/^\.formae\//, "")), text),
      })
      folder.write(
        "shop.yaml",
        "targets: { it: { namespace: FakeAWS } }\nresources: [{ label: it, type: FakeAWS::EC2::VPC, target: it }]\n",
      )
      const used = yield* folder.formaeAs({}, environment)("plan", "shop.yaml")
      assert.notInclude(used.stderr, "is not trusted")
      assert.isTrue(folder.has(trace))
      if (process.getuid?.() !== 0) return
      chownSync(at("plugins"), other, other)
      const refused = yield* folder.formaeAs({}, environment)("plan", "shop.yaml")
      assert.strictEqual(refused.code, 2)
      assert.include(refused.stderr, `${at("plugins")} belongs to another user (uid ${other}), and so it is not used`)
    }),
  )
})

describe("what belongs to another user", needs("root, to give files away", process.getuid?.() === 0), () => {
  const paths = [".formae", ".formae/plugins", ".formae/plugins/hostile", ".formae/plugins/hostile/main.mjs"]
  it.live.each(paths)("is not used even if the folder is trusted, be it %s", (path) =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      bringHostilePlugin(clone)
      const { at, formae, has, write } = clone
      write("shop.yaml", "targets: {}\nresources: []\n")
      chownSync(at(path), other, other)
      for (const args of [
        ["plan", "shop.yaml", "--trust", "."],
        ["plan", "shop.yaml"],
        ["trust", "."],
      ]) {
        const { code, stderr } = yield* formae(...args)
        assert.strictEqual(code, 2, stderr)
        assert.include(stderr, `${at(path)} belongs to another user (uid ${other}), and so it is not used`)
        assert.include(stderr, "chown")
      }
      assert.isFalse(has(trace))
    }),
  )

  it.live("is used by root if it is of the one who called sudo, as git does", () =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      bringHostilePlugin(clone)
      clone.write("shop.yaml", "targets: {}\nresources: []\n")
      chownSync(clone.at(".formae"), other, other)
      const asked = yield* clone.formaeAs({}, { SUDO_UID: String(other) })("plan", "shop.yaml")
      assert.include(asked.stderr, "is not trusted")
    }),
  )

  it.live("gets no record that root leaves there, which its owner could not use", () =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      bringState(clone)
      clone.write("home/.profile", "")
      chownSync(clone.at("home"), other, other)
      const asOther = { XDG_STATE_HOME: clone.at("home/.local/state"), SUDO_UID: String(other) }
      const { code, stderr } = yield* clone.formaeAs({}, asOther)("trust", ".")
      assert.strictEqual(code, 2)
      assert.include(stderr, `${clone.at("home")} belongs to another user (uid ${other})`)
      assert.isFalse(clone.has("home/.local"))
    }),
  )

  it.live("does not say what is trusted, and neither does what others may write", () =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      bringState(clone)
      const formae = ownRecords(clone)
      assert.strictEqual((yield* formae("trust", ".")).code, 0)
      const [name = ""] = trusts(clone)
      for (const file of ["records/formae/trust", `records/formae/trust/${name}`]) {
        const { mode } = statSync(clone.at(file))
        chmodSync(clone.at(file), mode | 0o020)
        const wide = yield* formae("inventory")
        assert.strictEqual(wide.code, 2)
        assert.include(wide.stderr, `others may write ${clone.at(file)}`)
        assert.include(wide.stderr, "chmod go-w")
        chmodSync(clone.at(file), mode)
        chownSync(clone.at(file), other, other)
        const foreign = yield* formae("inventory")
        assert.strictEqual(foreign.code, 2)
        assert.include(foreign.stderr, `${clone.at(file)} belongs to another user`)
        chownSync(clone.at(file), 0, 0)
      }
      assert.strictEqual((yield* formae("inventory")).code, 0)
    }),
  )
})
