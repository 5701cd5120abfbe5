import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import { needs } from "../../needs.ts"
import { main, makeFolder } from "../formaeCommand.ts"

/** Root may write read-only files, so as root the test runs formae as another user. */
const nobody = { uid: 65_534, gid: 65_534 }
const isRoot = process.getuid?.() === 0
const user = isRoot ? nobody : {}
/** A user who may not read this checkout cannot run formae from it. */
const canRun = spawnSync(process.execPath, [main, "--version"], { ...user, cwd: "/" }).status === 0

const forma = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./clouds/cloud.db, region: eu-west-1 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: box, type: FakeAWS::S3::Bucket, target: cloud, properties: { BucketName: box } }
`

/** Two resources, created by the user who runs this test, in a state that the user may read. */
const makeState = Effect.gen(function* () {
  const folder = yield* makeFolder
  const { at, formae, formaeAs, write } = folder
  write("shop.yaml", forma)
  mkdirSync(at("clouds"))
  const applied = yield* formae("apply", "shop.yaml")
  assert.strictEqual(applied.code, 0, applied.stderr)
  // What belongs to another user would not be used at all.
  if (isRoot)
    for (const name of ["", ...readdirSync(at(".formae"))]) chownSync(at(`.formae/${name}`), nobody.uid, nobody.gid)
  // The cloud stays writable.
  for (const path of ["", "clouds"]) chmodSync(at(path), path === "" ? 0o755 : 0o777)
  for (const file of readdirSync(at("clouds"))) chmodSync(at(`clouds/${file}`), 0o666)
  const isLocked = (mode: number) => (mode & 0o200) === 0
  /** Sets the modes of the state, and restores them at the end, so that it can be removed. */
  const rights = (file: number, directory: number) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        for (const name of readdirSync(at(".formae")))
          chmodSync(at(`.formae/${name}`), name === "state.db" ? file : 0o400)
        chmodSync(at(".formae"), directory)
      }),
      () => Effect.sync(() => isLocked(directory) && chmodSync(at(".formae"), 0o755)),
    )
  /** Every file in the folder of the state, with its time of change and its content. */
  const files = () =>
    readdirSync(at(".formae"))
      .toSorted()
      .map((name) => [name, statSync(at(`.formae/${name}`)).mtimeMs, readFileSync(at(`.formae/${name}`), "hex")])
  // It was not the other user who made it.
  return {
    ...folder,
    files,
    rights,
    formae: (...args: ReadonlyArray<string>) => formaeAs(user)(...args, "--trust", "."),
  }
})

const remedy =
  'Give this user write access to the state file and its folder, or run formae as their owner. Or name another state file with --state; "formae plan" and "formae inventory" need no write access\n'

describe("a state that this user may only read", needs("an unprivileged user who can run formae", canRun), () => {
  it.live.each([
    ["the file", 0o444, 0o755, "it is read-only"],
    ["the folder", 0o644, 0o555, "DIR is read-only"],
    ["both", 0o444, 0o555, "it is read-only"],
  ] as const)(
    "because of %s can be planned on and listed, is refused to commands that write, and is not changed",
    ([, fileMode, folderMode, reason]) =>
      Effect.gen(function* () {
        const { at, files, formae, rights } = yield* makeState
        yield* rights(fileMode, folderMode)
        const before = files()
        const plan = yield* formae("plan", "shop.yaml", "--json")
        assert.strictEqual(plan.code, 0, plan.stderr)
        assert.deepEqual(
          (JSON.parse(plan.stdout) as { resources: Array<{ operation: string }> }).resources.map(
            (one) => one.operation,
          ),
          ["noop", "noop"],
        )
        const inventory = yield* formae("inventory")
        assert.strictEqual(inventory.code, 0, inventory.stderr)
        assert.match(inventory.stdout, /net[^]*box|box[^]*net/)
        const plugins = yield* formae("plugins")
        assert.strictEqual(plugins.code, 0, plugins.stderr)
        const refused = yield* formae("apply", "shop.yaml")
        assert.strictEqual(refused.code, 2)
        assert.strictEqual(
          refused.stderr,
          `The state file .formae/state.db cannot be used: ${reason.replace("DIR", at(".formae"))}. Nothing was changed. ${remedy}`,
        )
        assert.deepEqual(files(), before)
      }),
  )

  it.live("is read with the log next to it, which a killed command has left", () =>
    Effect.gen(function* () {
      const { at, files, formae, rights } = yield* makeState
      const writer = new DatabaseSync(at(".formae/state.db"))
      writer.exec("DELETE FROM resources WHERE label = 'box'")
      // Copied with its log before it is closed: closing would move the log into the file.
      for (const name of ["state.db", "state.db-wal"]) copyFileSync(at(`.formae/${name}`), at(`clouds/${name}`))
      writer.close()
      for (const name of ["state.db", "state.db-wal"]) copyFileSync(at(`clouds/${name}`), at(`.formae/${name}`))
      yield* rights(0o444, 0o555)
      const before = files()
      assert.include(before.map(([name]) => name).join(" "), "state.db-wal")
      const inventory = yield* formae("inventory")
      assert.strictEqual(inventory.code, 0, inventory.stderr)
      assert.include(inventory.stdout, "net")
      assert.notInclude(inventory.stdout, "box")
      assert.deepEqual(files(), before)
    }),
  )

  it.live("or may not even read is refused, and so is a new state where none can be made", () =>
    Effect.gen(function* () {
      const { at, formae, rights } = yield* makeState
      yield* rights(0o000, 0o755)
      for (const args of [["inventory"], ["plan", "shop.yaml"], ["apply", "shop.yaml"]]) {
        const refused = yield* formae(...args)
        assert.strictEqual(refused.code, 2)
        assert.strictEqual(
          refused.stderr,
          "The state file .formae/state.db cannot be used: this user may not read it. Nothing was changed. Give this user read access, or run formae as the owner of the file. Or name another state file with --state\n",
        )
      }
      for (const end of ["", ".key", ".writes"]) rmSync(at(`.formae/state.db${end}`))
      yield* rights(0o444, 0o555)
      const refused = yield* formae("apply", "shop.yaml")
      assert.strictEqual(refused.code, 2)
      assert.strictEqual(
        refused.stderr,
        `The state file .formae/state.db cannot be used: its folder is read-only. Nothing was changed. ${remedy}`,
      )
      chmodSync(at("."), 0o555)
      const nowhere = yield* formae("apply", "shop.yaml", "--state", join("new", "state.db"))
      chmodSync(at("."), 0o755)
      assert.strictEqual(nowhere.code, 2)
      assert.include(nowhere.stderr, "The state file new/state.db cannot be used: this user may not create its folder.")
    }),
  )
})
