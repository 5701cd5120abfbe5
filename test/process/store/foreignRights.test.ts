/** A state that another user could have written, or whose key another user could have read, is refused: exit 2, and nothing is changed. */
import { assert, describe, it, layer } from "@effect/vitest"
import { chmodSync, chownSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { needs } from "../../needs.ts"
import { hasGroupAlone } from "../../../src/agent/store/PrivateGroup.ts"
import { makeFolder } from "../formaeCommand.ts"
import { refusalIn } from "../jsonOutput.ts"

const other = 65_534

const forma = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1 } }
resources:
  - { label: box, type: FakeAWS::S3::Bucket, target: cloud, properties: { BucketName: box } }
`

/** A state of this user, with everything that can be next to it. */
const makeState = Effect.gen(function* () {
  const folder = yield* makeFolder
  const { at, formae, write } = folder
  write("shop.yaml", forma)
  assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
  const files = () =>
    ["state.db", "state.db-wal", "state.db.key", "state.db.lock", "state.db.writes"].map((name) => {
      const { mode, mtimeMs, uid } = statSync(at(`.formae/${name}`))
      return [name, mode, uid, mtimeMs, readFileSync(at(`.formae/${name}`), "hex")]
    })
  /** Each of the commands refuses the state as `change` leaves it, and changes nothing. Then it is as it was. */
  const isRefused = Effect.fnUntraced(function* (
    path: string,
    change: (file: string) => void,
    says: RegExp,
    commands = [["apply", "shop.yaml"], ["inventory"]],
  ) {
    // A command that uses the state takes it away.
    write(".formae/state.db-wal", "")
    const { gid, mode, uid } = statSync(at(path))
    yield* Effect.acquireRelease(
      Effect.sync(() => change(at(path))),
      () =>
        Effect.sync(() => {
          chownSync(at(path), uid, gid)
          chmodSync(at(path), mode)
        }),
    )
    const before = [files(), readdirSync(at("."))]
    for (const args of commands) {
      const ended = yield* formae(...args)
      assert.strictEqual(ended.code, 2, ended.stderr)
      assert.match(ended.stderr, says)
      assert.match(ended.stderr, /^The state file .formae\/state.db cannot be used: .*\. Nothing was changed\. /)
    }
    assert.deepEqual([files(), readdirSync(at("."))], before)
  }, Effect.scoped)
  const isUsed = Effect.map(formae("inventory"), ({ code, stderr }) => assert.strictEqual(code, 0, stderr))
  return { ...folder, isRefused, isUsed }
})

/** One state for all that nobody may use: each test leaves it as it was. */
class State extends Context.Service<State, Effect.Success<typeof makeState>>()(
  "formae/test/process/store/foreignRights/State",
) {}

const onState = layer(Layer.effect(State, makeState), { excludeTestServices: true })

onState("a state that others could have written", (it) => {
  it.effect.each([
    [".formae", 0o777, "its folder \\S+/\\.formae", "chmod go-w \\S+/\\.formae"],
    [".formae", 0o720, "its folder \\S+/\\.formae", "chmod go-w \\S+/\\.formae"],
    [".formae/state.db", 0o666, "it", "chmod 600 \\.formae/state\\.db"],
    [".formae/state.db", 0o620, "it", "chmod 600 \\.formae/state\\.db"],
    [".formae/state.db-wal", 0o602, "\\S+db-wal next to it", "chmod 600 \\S+db-wal"],
    [".formae/state.db.writes", 0o606, "\\S+db\\.writes next to it", "chmod 600 \\S+db\\.writes"],
    [".formae/state.db.lock", 0o660, "\\S+db\\.lock next to it", "chmod 600 \\S+db\\.lock"],
  ] as const)("because of %s with the mode %s, is refused with the way out", ([path, mode, what, remedy]) =>
    Effect.gen(function* () {
      const { isRefused, isUsed } = yield* State
      const says = `other users can write to ${what} \\(mode ${mode.toString(8)}\\)\\. .* close it: ${remedy}`
      yield* isRefused(path, (file) => chmodSync(file, mode), new RegExp(says))
      yield* isUsed
    }),
  )

  it.effect.each([0o644, 0o640, 0o604, 0o602])(
    "because of a key with the mode %s, is refused with the way out",
    (mode) =>
      Effect.gen(function* () {
        const { isRefused } = yield* State
        const says = /other users can read or write its key \S+db\.key .*chmod 600 \S+db\.key/
        yield* isRefused(".formae/state.db.key", (file) => chmodSync(file, mode), says)
      }),
  )

  it.effect("is refused by each command that opens it, in JSON too", () =>
    Effect.gen(function* () {
      const { at, formae, isRefused } = yield* State
      const path = ".formae/state.db"
      const recorded = [["plan", "shop.yaml"], ["destroy", "shop.yaml"], ["resume"], ["unlock"], ["plugins"]]
      const commands = [...recorded, ["forget", "box"], ["adopt", "box", "box"], ["plugins", "release", "it"]]
      yield* isRefused(path, (file) => chmodSync(file, 0o666), /other users can write to it/, commands)
      chmodSync(at(path), 0o666)
      const json = yield* formae("apply", "shop.yaml", "--json")
      assert.strictEqual((yield* refusalIn(json))?.code, "StoreUnavailable")
      chmodSync(at(path), 0o600)
    }),
  )
})

describe("what belongs to another user", needs("root, to give files away", process.getuid?.() === 0), () => {
  onState("is not used", (it) => {
    it.effect.each(["", "/state.db", "/state.db-wal", "/state.db.key", "/state.db.lock", "/state.db.writes"])(
      "be it .formae%s",
      (end) =>
        Effect.gen(function* () {
          const { isRefused } = yield* State
          const says = / belongs to another user \(uid 65534\)\. .*Run formae as that user, .* chown 0 /
          yield* isRefused(`.formae${end}`, (file) => chownSync(file, other, other), says)
        }),
    )
  })

  it.live("is not used by a user who is not root, even if it is root's or is found through a link", () =>
    Effect.gen(function* () {
      const { at, formaeAs } = yield* makeState
      const says = /belongs to another user \(uid 0\)\. .*Run formae as that user, .* chown 65534 /
      for (const path of [".", ".formae"]) chmodSync(at(path), 0o755)
      for (const name of readdirSync(at(".formae"))) chmodSync(at(`.formae/${name}`), 0o644)
      symlinkSync(at(".formae/state.db"), at("link.db"))
      for (const args of [["inventory"], ["inventory", "--state", "link.db"], ["apply", "shop.yaml"]]) {
        const ended = yield* formaeAs({ uid: other, gid: other })(...args)
        assert.strictEqual(ended.code, 2, ended.stderr)
        assert.match(ended.stderr, says)
      }
    }),
  )
})

describe("a new state", () => {
  it.live("is not made in a folder that others can write to", () =>
    Effect.gen(function* () {
      const { at, formae, has, write } = yield* makeFolder
      write("shop.yaml", forma)
      write("shared/README.md", "")
      chmodSync(at("shared"), 0o1777)
      const ended = yield* formae("apply", "shop.yaml", "--state", "shared/state.db")
      assert.strictEqual(ended.code, 2)
      assert.match(ended.stderr, /other users can write to its folder \S+\/shared \(mode 1777\)/)
      assert.isFalse(has("shared/state.db"))
    }),
  )
})

/** A user of most systems, in a group of its own. */
const bin = { uid: 2, gid: 2 }

const isBinAlone = () =>
  process.getuid?.() === 0 &&
  hasGroupAlone(bin, readFileSync("/etc/passwd", "utf8"), readFileSync("/etc/group", "utf8"))

describe("a group that has nobody else in it", needs("root, and the user bin alone in its group", isBinAlone()), () => {
  it.live("may write the folder of a state, as in each checkout on Ubuntu", () =>
    Effect.gen(function* () {
      const { at, formaeAs, write } = yield* makeFolder
      write("shop.yaml", forma)
      chownSync(at("."), bin.uid, bin.gid)
      chmodSync(at("."), 0o775)
      const formae = formaeAs(bin)
      const args = ["apply", "shop.yaml", "--state", "state.db"]
      assert.deepInclude(yield* formae(...args), { code: 0 })
      chownSync(at("."), bin.uid, other)
      const shared = yield* formae(...args)
      assert.strictEqual(shared.code, 2)
      assert.match(shared.stderr, /other users can write to its folder \S+ \(mode 775\)/)
    }),
  )
})
