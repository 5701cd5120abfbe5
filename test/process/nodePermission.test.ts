/** Under the permission model of Node a command works, or says what to allow. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { dirname } from "node:path"
import { realpathSync } from "node:fs"
import { commandFolder } from "../bundles/folders.ts"
import { beginIn, main, makeFolder } from "./formaeCommand.ts"

const forma = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
`

const all = "--allow-fs-read=*"
const write = "--allow-fs-write=*"
const child = "--allow-child-process"

const applyUnder = Effect.fnUntraced(function* (flags: (folder: string) => ReadonlyArray<string>) {
  const folder = yield* makeFolder
  folder.write("shop.yaml", forma)
  const begin = beginIn(folder.at("."))
  const command = yield* begin(
    process.execPath,
    "--permission",
    ...flags(realpathSync(folder.at("."))),
    main,
    "apply",
    "shop.yaml",
    "--json",
  )
  return yield* command.ended
})

describe("formae apply under node --permission", () => {
  it.live("works, and keeps a key and a state", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* applyUnder(() => [all, write, child])
      assert.strictEqual(code, 0, stderr)
      assert.strictEqual(JSON.parse(stdout).status, "succeeded")
      assert.notInclude(stderr, "It cannot be remembered")
    }),
  )

  it.live.each([
    ["--allow-child-process", () => [all, write]],
    ["--allow-fs-write", () => [all, child]],
    // What it needs lies in these folders, but not the way to them.
    [
      "--allow-fs-read",
      (folder: string) => [`--allow-fs-read=${folder}`, `--allow-fs-read=${dirname(commandFolder)}`, write, child],
    ],
  ] as const)("names %s where it is missing", ([flag, flags]) =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* applyUnder(flags)
      assert.notStrictEqual(code, 0)
      assert.include(stdout + stderr.replaceAll(/\(node:.*\n/g, ""), flag)
      assert.notMatch(stderr, /\n {4}at |does not exist|ulimit|\.\. /)
    }),
  )
})
