/** A state of 0.1.0 with resources whose properties are larger than formae creates any more. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { unpack, type Unpacked } from "../../fixtures/packages/unpack.ts"
import { beginIn, type Ended, main, makeFolderFor } from "../formaeCommand.ts"
import { decodeResult, resultOf } from "../jsonOutput.ts"
import { columnIn } from "../rows.ts"
import { head, net } from "../shopDocument.ts"

let temporary: string
let old: Unpacked

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "formae-0.1.0-"))
  old = unpack("0.1.0", temporary)
})
afterAll(() => rmSync(temporary, { recursive: true }))

const text = "x".repeat(5_000_000)
const resources = (value: string) => `resources:
  - { label: large, type: FakeAWS::S3::Bucket, target: cloud, properties: { BucketName: large, Tags: [{ Key: k, Value: ${value} }] } }
  - { label: secret, type: FakeAWS::SecretsManager::Secret, target: cloud, properties: { Name: secret, SecretString: ${value} } }
${net}`

/** A folder in which 0.1.0 has applied a document of 10 MB, and the present command. */
const open = Effect.gen(function* () {
  const folder = yield* makeFolderFor(old.command)
  const { at, write } = folder
  write("shop.yaml", `${head()}${resources(text)}`)
  const applied = yield* resultOf(yield* folder.formae("apply", "shop.yaml", "--plugins", old.plugins, "--json"))
  assert.strictEqual(applied.status, "apply succeeded")
  const begin = beginIn(at("."))
  const formae = (...args: ReadonlyArray<string>): Effect.Effect<Ended> =>
    Effect.scoped(
      Effect.flatMap(begin(process.execPath, main, ...args, "--trust", ".", "--json"), ({ ended }) => ended),
    )
  return { ...folder, formae, ids: columnIn(at("cloud.db"), "SELECT native_id FROM resources ORDER BY native_id") }
})

describe("a state of 0.1.0 with properties of 5,000,000 characters", () => {
  it.live("is read, and destroyed by its document", () =>
    Effect.gen(function* () {
      const { formae, ids } = yield* open
      const listed = yield* Effect.flatMap(formae("inventory"), ({ stdout }) => decodeResult(stdout))
      assert.deepEqual(
        listed.resources.map(({ label }) => label),
        ["large", "net", "secret"],
      )
      const planned = yield* formae("plan", "shop.yaml")
      assert.strictEqual(planned.code, 2)
      const sentence = "has more than 4000000 characters; keep what is so large elsewhere, and refer to it"
      assert.include(planned.stderr, `resources[0].properties: ${sentence}`)
      assert.include(planned.stderr, `resources[1].properties: ${sentence}`)

      const destroyed = yield* resultOf(yield* formae("destroy", "shop.yaml"))
      assert.strictEqual(destroyed.status, "destroy succeeded")
      assert.deepEqual(yield* ids, [])
    }),
  )

  it.live("is planned by a smaller document: what cannot be read is told, and is deleted where it is not wanted", () =>
    Effect.gen(function* () {
      const { formae, ids, write } = yield* open
      write("shop.yaml", `${head()}${resources("small")}`)
      const planned = yield* formae("plan", "shop.yaml")
      assert.sameMembers(
        [...(yield* resultOf(planned)).resources],
        ["large noop: UnforeseenError", "secret update", "net noop"],
      )
      assert.include(
        planned.stdout,
        "its properties cannot be returned: they have more than 4194304 characters. Make them smaller at the provider, or delete the resource",
      )

      write("shop.yaml", `${head()}resources:\n${net}`)
      const applied = yield* resultOf(yield* formae("apply", "shop.yaml"))
      assert.strictEqual(applied.status, "apply succeeded")
      assert.sameMembers([...applied.resources], ["net noop", "large delete", "secret delete"])
      assert.lengthOf(yield* ids, 1)
    }),
  )
})
