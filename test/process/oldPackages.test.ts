/** formae 0.1.0 as it was packed: its plugin under the present agent, and its agent over the present plugin. */
import { execFileSync } from "node:child_process"
import { copyFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { pluginsFolder } from "../bundles/folders.ts"
import { unpack, type Unpacked } from "../fixtures/packages/unpack.ts"
import { main, makeFolderFor } from "./formaeCommand.ts"
import { resultOf } from "./jsonOutput.ts"
import { columnIn } from "./rows.ts"
import { block, canary, head, net, password, shop } from "./shopDocument.ts"

let temporary: string
let old: Unpacked

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "formae-0.1.0-"))
  old = unpack("0.1.0", temporary)
})
afterAll(() => rmSync(temporary, { recursive: true }))

const nativeIds = "SELECT native_id FROM resources ORDER BY native_id"

const pictures =
  "  - { label: pictures, type: FakeAWS::S3::Bucket, target: cloud, properties: { BucketName: pictures } }\n"
/** Creates take a while, so that they are watched. One crashes the plugin, which is asked about it afterwards. */
const crash = "{ operation: create, label: pictures, when: after, action: crash }"
/** A failure with a field that an agent of 0.1.0 does not know. */
const busy = "{ operation: create, label: net, when: before, action: error, retryAfterMillis: 10 }"
const documentWith = (...faults: ReadonlyArray<string>) =>
  `${head(`, faults: [${faults.join(", ")}]`).replace("settleMillis: 0", "settleMillis: 200")}resources:\n${net}${block}${password}${pictures}`

/** A life from the first plan to the end: `program` is the command, and `flags` say that it runs the plugins in one folder alone. */
const live = (program: string, flags: ReadonlyArray<string>, document: string) =>
  Effect.gen(function* () {
    const { at, formae, write } = yield* makeFolderFor(program)
    write("limited.yaml", "operator: { rateLimit: { perSecond: 100, burst: 5 } }\n")
    const run = (command: string) => Effect.flatMap(formae(command, "shop.yaml", ...flags, "--json"), resultOf)
    const all = (operation: string) => ["net", "password", "pictures", "block"].map((label) => `${label} ${operation}`)
    const ids = columnIn(at("cloud.db"), nativeIds)

    write("shop.yaml", document)
    const planned = yield* run("plan")
    assert.strictEqual(planned.status, "plan planned")
    assert.sameMembers([...planned.resources], all("create"))
    assert.deepEqual(yield* ids, [])

    const applied = yield* run("apply")
    assert.strictEqual(applied.status, "apply succeeded")
    assert.sameMembers([...applied.resources], all("create"))
    const made = yield* ids
    assert.lengthOf(made, 4)
    const calls = yield* columnIn(at("cloud.db"), "SELECT DISTINCT operation FROM calls")
    assert.includeMembers([...calls], ["create", "recover", "status"])
    assert.deepEqual(yield* columnIn(at(".formae/state.db"), nativeIds), made)

    for (const command of ["plan", "apply"]) {
      assert.sameMembers([...(yield* run(command)).resources], all("noop"), command)
    }

    write("shop.yaml", document.replace(canary, "another secret").replace("10.1.0.0/16", "10.2.0.0/16"))
    const changed = yield* run("apply")
    assert.strictEqual(changed.status, "apply succeeded")
    assert.sameMembers([...changed.resources], ["net noop", "password update", "pictures noop", "block replace"])

    const destroyed = yield* run("destroy")
    assert.strictEqual(destroyed.status, "destroy succeeded")
    assert.sameMembers([...destroyed.resources], all("delete"))
    assert.deepEqual(yield* ids, [])
  })

describe("formae 0.1.0", () => {
  it.live("is what the archive holds", () =>
    Effect.gen(function* () {
      const { formae } = yield* makeFolderFor(old.command)
      assert.strictEqual((yield* formae("--version")).stdout, "formae v0.1.0\n")
      const { stdout } = yield* formae("plugins")
      // It finds the plugins that came with it.
      assert.include(stdout, join(old.plugins, "fake-aws/main.mjs"))
    }),
  )

  it.live("has a plugin that the present agent runs, and whose operations it limits", () =>
    live(main, ["--only-plugins", old.plugins, "--config", "limited.yaml"], documentWith(crash)),
  )

  it.live("has a plugin that does not say which thing a bucket is: a renamed label loses nothing", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolderFor(main)
      const run = (command: string) =>
        Effect.flatMap(formae(command, "shop.yaml", "--only-plugins", old.plugins, "--json"), resultOf)
      const idsOf = columnIn(at("cloud.db"), nativeIds)
      const writes = columnIn(
        at("cloud.db"),
        "SELECT operation || ' ' || outcome FROM calls WHERE operation IN ('create', 'update', 'delete') ORDER BY seq",
      )
      write("shop.yaml", `${head()}resources:\n${pictures}${net}`)
      assert.strictEqual((yield* run("apply")).status, "apply succeeded")
      const made = yield* idsOf
      const before = (yield* writes).length

      write("shop.yaml", `${head()}resources:\n${pictures.replace("label: pictures", "label: photos")}${net}`)
      const refused = yield* run("apply")
      assert.deepEqual(refused.resources, [
        "photos create: AlreadyExists",
        "net noop",
        "pictures delete: DependencyFailure",
      ])
      assert.deepEqual(yield* idsOf, made)
      assert.deepEqual((yield* writes).slice(before), ["create AlreadyExists"])

      const moved = "moved: [{ from: pictures, to: photos }]\n"
      write("shop.yaml", `${head()}${moved}resources:\n${pictures.replace("label: pictures", "label: photos")}${net}`)
      for (const _ of ["once", "and again"]) {
        assert.deepEqual(yield* run("apply"), { status: "apply succeeded", resources: ["photos noop", "net noop"] })
      }
      assert.deepEqual(yield* idsOf, made)
      assert.lengthOf(yield* writes, before + 1)
    }),
  )

  it.live("has an agent that runs the present plugin, also when its provider asks to wait", () =>
    live(old.command, ["--plugins", pluginsFolder], documentWith(crash, busy)),
  )

  it.live("refuses a state that this formae has converted, and uses the copy from before", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolderFor(old.command)
      write("shop.yaml", shop)
      yield* formae("apply", "shop.yaml")
      const present = (...args: ReadonlyArray<string>) =>
        execFileSync(process.execPath, [main, ...args], { cwd: at("."), encoding: "utf8" })
      const [, backup = ""] = /; (\S+) is a copy from before/.exec(present("apply", "shop.yaml", "--trust", ".")) ?? []
      const { code, stderr } = yield* formae("apply", "shop.yaml")
      assert.strictEqual(code, 2)
      assert.match(stderr, /it was written by a later version of formae: upgrade formae\. Nothing was changed\./)
      copyFileSync(at(backup), at(".formae/state.db"))
      const { resources, status } = yield* resultOf(yield* formae("apply", "shop.yaml", "--json"))
      assert.strictEqual(status, "apply succeeded")
      assert.deepEqual(
        resources.filter((resource) => !resource.endsWith(" noop")),
        [],
      )
    }),
  )
})
