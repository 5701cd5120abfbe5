import { assert, describe, it } from "@effect/vitest"
import { execFile, execFileSync } from "node:child_process"
import { linkSync, renameSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { type CommandFolder, type Ended, main, makeFolder } from "./formaeCommand.ts"
import { decodeResult, refusalIn, resultOf } from "./jsonOutput.ts"
import { columnIn } from "./rows.ts"

/** A document with one network, whose name and cloud are as given. */
const document = (cidr: string, cloud: string, name?: string) =>
  `${name === undefined ? "" : `name: ${name}\n`}targets:
  cloud: { namespace: FakeAWS, config: { cloud: ${cloud}, region: eu-west-1, settleMillis: 0 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: ${cidr} } }
`

/** Runs a line of shell in the folder, in which $FORMAE is the command. */
const shell = ({ at }: CommandFolder, line: string) =>
  Effect.callback<Ended>((resume) => {
    const options = { cwd: at("."), env: { ...process.env, FORMAE: `${process.execPath} ${main}` } }
    const child = execFile("sh", ["-c", line], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      resume(Effect.succeed({ code: typeof code === "number" ? code : undefined, stdout, stderr }))
    })
    return Effect.sync(() => child.kill("SIGKILL"))
  })

const formaeIn = (file: string) => columnIn(file, "SELECT forma FROM resources ORDER BY forma")

describe("the name of a document", () => {
  it.live("is that of its file as it is: similar names are different documents", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      const names = ["a-b", "a.b", "人事", "販売"]
      for (const [index, name] of names.entries()) {
        write(`${name}.yaml`, document(`10.${index}.0.0/16`, "./cloud.db"))
        const { status } = yield* resultOf(yield* formae("apply", `${name}.yaml`, "--json"))
        assert.strictEqual(status, "apply succeeded")
      }
      assert.deepEqual(yield* formaeIn(at(".formae/state.db")), names)
      yield* formae("destroy", "a.b.yaml")
      assert.deepEqual(yield* formaeIn(at(".formae/state.db")), ["a-b", "人事", "販売"])
    }),
  )

  it.live("is asked for where the document comes through a pipe, and nothing is done without it", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { at, has, write } = folder
      write("some.yaml", document("10.0.0.0/16", "./cloud.db"))
      execFileSync("mkfifo", [at("fifo.yaml")])
      for (const line of [
        "cat some.yaml | $FORMAE apply - --json",
        "$FORMAE apply - --json <some.yaml",
        "$FORMAE apply /dev/stdin --json <some.yaml",
        "exec 9<some.yaml; $FORMAE apply /dev/fd/9 --json",
        "cat some.yaml >fifo.yaml & $FORMAE apply fifo.yaml --json",
      ]) {
        const ended = yield* shell(folder, line)
        assert.strictEqual(ended.code, 2, `${line}: ${ended.stderr}`)
        assert.include((yield* refusalIn(ended))?.message, "name: the document needs a name", line)
      }
      assert.isFalse(has(".formae"))
      for (const line of [
        "cat some.yaml | $FORMAE apply - --name first --json",
        "(echo name: first; cat some.yaml) | $FORMAE apply /dev/stdin --json",
        "cat some.yaml >fifo.yaml & $FORMAE apply fifo.yaml --name first --json",
      ]) {
        const ended = yield* shell(folder, line)
        assert.strictEqual(ended.code, 0, `${line}: ${ended.stderr}`)
      }
      assert.deepEqual(yield* formaeIn(at(".formae/state.db")), ["first"])
    }),
  )

  it.live(
    "is refused if it differs from a stored one in capitals or in how accents are written only, because some systems take their files for one",
    () =>
      Effect.gen(function* () {
        const { at, formae, write } = yield* makeFolder
        write("Net.yaml", document("10.0.0.0/16", "./cloud.db"))
        assert.strictEqual((yield* formae("apply", "Net.yaml")).code, 0)
        linkSync(at("Net.yaml"), at("net.yaml"))
        for (const command of ["plan", "apply", "destroy"]) {
          const ended = yield* formae(command, "net.yaml", "--json")
          assert.strictEqual(ended.code, 2)
          const error = yield* refusalIn(ended)
          assert.strictEqual(error?.code, "DocumentConflict")
          assert.include(error?.message, `${at("net.yaml")} has the name net, and the state has resources of Net, from`)
          assert.include(ended.stderr, 'write "name: Net" into it')
          assert.include(ended.stderr, "--name Net says so for one command")
        }
        const similar = yield* formae("apply", "net.yaml", "--name", "NET", "--json")
        assert.include((yield* refusalIn(similar))?.message, "has the name NET, and the state has resources of Net")
        const { resources } = yield* resultOf(yield* formae("apply", "net.yaml", "--name", "Net", "--json"))
        assert.deepEqual(resources, ["net noop"])
        assert.deepEqual(yield* formaeIn(at(".formae/state.db")), ["Net"])
      }),
  )

  it.live("is refused where it cannot be one, or where the flag says another one", () =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      write("a\nb.yaml", document("10.0.0.0/16", "./cloud.db"))
      write("named.yaml", document("10.0.0.0/16", "./cloud.db", "own"))
      const cases: ReadonlyArray<readonly [args: ReadonlyArray<string>, says: string]> = [
        [["a\nb.yaml"], "the document needs a name"],
        [["named.yaml", "--name", "other"], "named.yaml is named own, but --name says other"],
        [["named.yaml", "--name", "a\tb"], "The name that --name gives has a character that cannot be seen"],
      ]
      for (const [args, says] of cases) {
        const ended = yield* formae("apply", ...args, "--json")
        assert.strictEqual(ended.code, 2)
        assert.include((yield* refusalIn(ended))?.message, says)
      }
      assert.isFalse(has(".formae"))
    }),
  )
})

describe("the place of a document", () => {
  it.live("tells two documents of one name apart, until the user says that it is one", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      for (const folder of ["one", "two"]) {
        write(`${folder}/net.yaml`, document(folder === "one" ? "10.1.0.0/16" : "10.2.0.0/16", "./cloud.db"))
      }
      assert.strictEqual((yield* formae("apply", "one/net.yaml")).code, 0)
      for (const command of ["plan", "apply", "destroy"]) {
        const ended = yield* formae(command, "two/net.yaml", "--json")
        assert.strictEqual(ended.code, 2)
        const error = yield* refusalIn(ended)
        assert.strictEqual(error?.code, "DocumentConflict")
        for (const folder of ["one", "two"]) assert.include(error?.message, join(folder, "net.yaml"))
        assert.include(ended.stderr, "If it is one document, which was moved, add --moved-here")
      }
      const { resources } = yield* resultOf(yield* formae("apply", "one/net.yaml", "--json"))
      assert.deepEqual(resources, ["net noop"])

      write("two/net.yaml", document("10.2.0.0/16", "./cloud.db", "other"))
      assert.strictEqual((yield* formae("apply", "two/net.yaml")).code, 0)
      assert.deepEqual(yield* formaeIn(at(".formae/state.db")), ["net", "other"])

      renameSync(at("one"), at("three"))
      assert.strictEqual((yield* formae("plan", "three/net.yaml")).code, 2)
      const moved = yield* decodeResult((yield* formae("apply", "three/net.yaml", "--moved-here", "--json")).stdout)
      assert.match(moved.note ?? "", /^the document net was .*one\/net\.yaml before$/)
      assert.strictEqual((yield* formae("plan", "three/net.yaml")).code, 0)
    }),
  )

  it.live("may change together with that of the state", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("checkout-1/net.yaml", document("10.1.0.0/16", "./cloud.db"))
      const on = (folder: string) =>
        formae("apply", `${folder}/net.yaml`, "--state", `${folder}/.formae/state.db`, "--json")
      assert.strictEqual((yield* on("checkout-1")).code, 0)
      renameSync(at("checkout-1"), at("checkout-2"))
      assert.deepEqual((yield* resultOf(yield* on("checkout-2"))).resources, ["net noop"])
    }),
  )
})
