/** What a document reads of the environment and of its folder, and who is asked before. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { realpathSync, symlinkSync } from "node:fs"
import { makeFolder } from "./formaeCommand.ts"
import { network, networksMade } from "./networkDocument.ts"
import { columnIn } from "./rows.ts"

const reading = `targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0 } }
resources:
  - label: net
    type: FakeAWS::EC2::VPC
    target: cloud
    properties:
      CidrBlock: { $file: ./sub/cidr.txt }
      Tags: [{ Key: who, Value: { $env: FORMAE_TEST_WHO } }]
`

describe("a document that reads variables and files", () => {
  it.live("does so once somebody has said yes, until it reads more or sends it elsewhere", () =>
    Effect.gen(function* () {
      const { at, formae, formaeAs, has, write } = yield* makeFolder
      const folder = realpathSync(at("."))
      const asMe = formaeAs({}, { FORMAE_TEST_WHO: "me" })
      write("net.yaml", reading)
      write("sub/cidr.txt", "10.0.0.0/16")
      const refused = yield* asMe("plan", "net.yaml")
      assert.strictEqual(refused.code, 2)
      assert.strictEqual(
        refused.stderr,
        `The folder ${folder} is not trusted, and supplies what this command would use. Nothing was started, and nothing was changed\n` +
          `- the document ${folder}/net.yaml\n` +
          "    sends these environment variables to its targets:\n" +
          "      FORMAE_TEST_WHO\n" +
          "    sends these files to its targets:\n" +
          "      ./sub/cidr.txt\n" +
          "    has these targets:\n" +
          '      cloud.namespace: "FakeAWS"\n' +
          '      cloud.config.cloud: "./cloud.db"\n' +
          '      cloud.config.region: "eu-west-1"\n' +
          "      cloud.config.settleMillis: 0\n" +
          `If you trust all of it, run "formae trust ${folder}", which remembers it, or add --trust ${folder} to this command. In CI, set FORMAE_TRUST=${folder}\n`,
      )
      const once = yield* asMe("apply", "net.yaml", "--trust", ".")
      assert.strictEqual(once.code, 0, once.stderr)
      assert.deepEqual(yield* columnIn(at("cloud.db"), networksMade), ['["10.0.0.0/16",null,"me"]'])
      const granted = yield* formae("trust", ".")
      assert.include(granted.stdout, "- the document ")
      write("net.yaml", `# edited\n${reading}`)
      const unset = yield* formae("plan", "net.yaml")
      assert.strictEqual(
        unset.stderr,
        'net.yaml:10:26 resources[0].properties.Tags[0].Value: the environment has no variable FORMAE_TEST_WHO; set it, or give it a default: { $env: FORMAE_TEST_WHO, default: "..." }\n',
      )
      write("net.yaml", reading.replace("eu-west-1", "us-east-1").replace("FORMAE_TEST_WHO", "HOME"))
      const changed = yield* formae("plan", "net.yaml")
      assert.include(
        changed.stderr,
        `/net.yaml, changed since you trusted it: targets, variable FORMAE_TEST_WHO, variable HOME\n`,
      )
      assert.isTrue(has("cloud.db"))
    }),
  )

  it.live("is asked for again where a parameter, or an environment, would send it elsewhere", () =>
    Effect.gen(function* () {
      const { formae, formaeAs, has, write } = yield* makeFolder
      const text = reading
        .replace("{ $file: ./sub/cidr.txt }", '"10.0.0.0/16"')
        .replace("./cloud.db", "{ $param: cloud }")
      const withDefault = (cloud: string) => `parameters: { cloud: { type: string, default: ${cloud} } }\n${text}`
      write("net.yaml", withDefault("./cloud.db"))
      yield* formae("trust", ".")
      const asMe = formaeAs({}, { FORMAE_TEST_WHO: "canary" })
      assert.strictEqual((yield* asMe("apply", "net.yaml")).code, 0)
      write("net.yaml", withDefault("./evil.db"))
      const byDefault = yield* asMe("apply", "net.yaml")
      assert.include(byDefault.stderr, "/net.yaml, changed since you trusted it: parameters in targets\n")
      assert.include(byDefault.stderr, '      cloud: "./evil.db"\n')
      write("net.yaml", withDefault("./cloud.db"))
      write("parameters.prod.yaml", "cloud: ./evil.db\n")
      const byEnvironment = yield* asMe("apply", "net.yaml", "--env", "prod")
      assert.include(byEnvironment.stderr, "/net.yaml, changed since you trusted it: targets in parameters.prod.yaml\n")
      assert.deepEqual([byDefault.code, byEnvironment.code], [2, 2])
      // What the environment of the user gives to a parameter is theirs too.
      write("plain.yaml", network)
      const given = yield* formaeAs({}, { FORMAE_PARAMETER_CIDR: "10.0.0.0/16" })("apply", "plain.yaml")
      assert.strictEqual(given.code, 2)
      assert.include(given.stderr, "      FORMAE_PARAMETER_CIDR\n")
      assert.isFalse(has("evil.db"))
    }),
  )

  it.live("reads no file outside of its folder, by whichever way, and none from a pipe", () =>
    Effect.gen(function* () {
      const { at, beginScript, formae, write } = yield* makeFolder
      write("secret.txt", "canary")
      write("in/large.txt", Buffer.alloc(1024 * 1024 + 1, "x"))
      write("in/binary.txt", Buffer.from([0x61, 0xff]))
      symlinkSync(at("secret.txt"), at("in/link.txt"))
      symlinkSync(at("."), at("in/up"))
      const cases: ReadonlyArray<readonly [file: string, says: string]> = [
        ["../secret.txt", "is not in the folder of the document, "],
        [at("secret.txt"), "is not in the folder of the document, "],
        ["./link.txt", "or a link leads out of it; "],
        ["up/secret.txt", "or a link leads out of it; "],
        [".", "is not in the folder of the document, "],
        ["gone.txt", "cannot be read: there is no such file"],
        ["large.txt", "cannot be read: it has more than 1 MiB"],
        ["binary.txt", "cannot be read: it is not UTF-8 (line 1); save it as UTF-8"],
      ]
      const tags = cases.map(([file]) => `{ Key: k, Value: { $file: ${JSON.stringify(file)} } }`).join(", ")
      write("in/net.yaml", reading.replace(/Tags: .*/, `Tags: [${tags}]`).replace("./sub/cidr.txt", "net.yaml"))
      const ended = yield* formae("plan", "in/net.yaml", "--trust", "in")
      assert.strictEqual(ended.code, 2)
      const lines = ended.stderr.trimEnd().split("\n")
      assert.lengthOf(lines, cases.length)
      for (const [index, [file, says]] of cases.entries()) {
        assert.include(lines[index], `Tags[${index}].Value: the file ${file} `)
        assert.include(lines[index], says)
      }
      assert.notInclude(ended.stderr, "canary")
      const piped = yield* beginScript("$formae plan - --name net --trust . < in/net.yaml")
      assert.include((yield* piped.ended).stderr, "a document that has no folder cannot have files put into it")
      const untrusted = yield* beginScript("$formae plan - --name net < in/net.yaml")
      assert.match(
        (yield* untrusted.ended).stderr,
        /- the document on stdin\n[\s\S]*\nIf you trust all of it, add --trust /,
      )
    }),
  )
})
