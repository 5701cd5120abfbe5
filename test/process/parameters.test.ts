/** What a document is given on the command line, and what it may read there. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { realpathSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { needs } from "../needs.ts"
import { makeFolder } from "./formaeCommand.ts"
import { decodeResult, refusalIn } from "./jsonOutput.ts"
import { columnIn } from "./rows.ts"

const document = `parameters:
  region: { type: string, default: eu-west-1, allowed: [eu-west-1, us-east-1] }
  cidr: { type: string }
  dns: { type: boolean, default: false }
  stage: { type: string, default: dev }
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: { $param: region }, settleMillis: 0 } }
resources:
  - label: net
    type: FakeAWS::EC2::VPC
    target: cloud
    properties:
      CidrBlock: { $param: cidr }
      EnableDnsSupport: { $param: dns }
      Tags: [{ Key: stage, Value: { $text: "stage-\${param.stage}" } }]
`

const withOutputs = `${document}outputs:
  cidr: { $text: "in \${net.CidrBlock}" }
  key: { $secret: "canary\\n\\tof 6b20" }
`

const made =
  "SELECT json_array(properties ->> 'CidrBlock', properties ->> 'EnableDnsSupport', properties ->> '$.Tags[0].Value') FROM resources ORDER BY 1"

describe("the parameters of a document", () => {
  it.live("are given by flags, files and variables, and outputs are printed, in each environment by itself", () =>
    Effect.gen(function* () {
      const { at, formae, formaeAs, has, write } = yield* makeFolder
      write("net.yaml", withOutputs)
      const missing = yield* formae("plan", "net.yaml", "--json")
      assert.strictEqual(missing.code, 2)
      assert.strictEqual(
        missing.stderr,
        "net.yaml:3:3 parameters.cidr: the parameter cidr has no value\n" +
          "Give it its value with --set cidr=VALUE, in a file (--parameters FILE), or in the environment variable FORMAE_PARAMETER_CIDR. At a terminal you are asked\n",
      )
      assert.deepEqual((yield* refusalIn(missing))?.issues, [
        { path: ["parameters", "cidr"], message: "the parameter cidr has no value", line: 3, column: 3 },
      ])

      write("parameters.prod.yaml", "# for all documents\nstage: prod\ncidr: 10.9.0.0/16\nreplicas: 3\n")
      write("parameters.dev.yaml", "cidr: 10.1.0.0/16\n")
      write("more.json", '{ "dns": true,\n  "stage": "from the file" }')
      const variables = { FORMAE_PARAMETER_CIDR: "10.2.0.0/16", FORMAE_PARAMETER_STAGE: "from a variable" }
      const prod = yield* formaeAs({}, variables)(
        "apply",
        "net.yaml",
        "--env",
        "prod",
        "--parameters",
        "more.json",
        "--set",
        "stage=a=b",
        "--json",
        "--trust",
        ".",
      )
      assert.strictEqual(prod.code, 0, prod.stderr)
      const dev = yield* formae("apply", "net.yaml", "--env", "dev", "--json")
      assert.strictEqual(dev.code, 0, dev.stderr)
      assert.deepEqual(yield* columnIn(at("cloud.db"), made), [
        '["10.1.0.0/16",0,"stage-dev"]',
        '["10.2.0.0/16",1,"stage-a=b"]',
      ])
      const [listed, unknown, ofDev, key, hidden] = yield* Effect.all(
        [
          formae("output", "--json"),
          formae("output", "net@dev.cird", "--json"),
          formae("output", "net@dev", "--show-secret"),
          formae("output", "net@dev.key", "--show-secret"),
          formae("output", "net@dev.key"),
        ],
        { concurrency: 2 },
      )
      assert.deepEqual<unknown>((yield* decodeResult(listed.stdout)).outputs, {
        "net@dev.cidr": { value: "in 10.1.0.0/16" },
        "net@dev.key": { secret: true },
        "net@prod.cidr": { value: "in 10.2.0.0/16" },
        "net@prod.key": { secret: true },
      })
      assert.strictEqual(unknown.code, 2)
      assert.strictEqual(
        (yield* refusalIn(unknown))?.message,
        "The state has no output net@dev.cird; did you mean net@dev.cidr?",
      )
      assert.strictEqual(ofDev.stdout, "net@dev.cidr: in 10.1.0.0/16\nnet@dev.key: (secret)\n", "only one by its name")
      assert.strictEqual(key.stdout, "canary\n\tof 6b20\n", "as it is, for a script")
      assert.deepEqual([hidden.code, hidden.stdout], [2, ""], "a script would take other words for the secret")
      assert.strictEqual(hidden.stderr, "The output net@dev.key is secret\n--show-secret prints it\n")
      assert.notInclude([prod, dev].map(({ stderr, stdout }) => stdout + stderr).join(""), "canary")
      const inventory = yield* formae("inventory")
      assert.match(inventory.stdout, /^net@dev +net /m)
      assert.match(inventory.stdout, /^net@prod +net /m)
      const again = yield* formae("plan", "net.yaml", "--env", "dev")
      assert.notMatch(again.stdout, /to create|to update|to delete/)
      const gone = yield* formae("destroy", "net.yaml", "--env", "dev", "--json")
      assert.strictEqual(gone.code, 0, gone.stderr)
      assert.lengthOf(yield* columnIn(at("cloud.db"), made), 1)
      assert.isTrue(has("cloud.db"))
    }),
  )

  it.live("that are wrong are refused at their place, with what was meant, and nothing is done", () =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      write("net.yaml", document)
      write("typo.yaml", "cidr: 10.0.0.0/16\ndsn: true\n")
      write("list.yaml", "- cidr\n")
      write("parameters.prod.yaml", "")
      write("parameters.prod.json", "{}")
      const commands: ReadonlyArray<readonly [args: ReadonlyArray<string>, says: string]> = [
        [
          ["--set", "region=eu-west-2", "--set", "cidr=1"],
          "net.yaml:2:3 parameters.region: the value from --set is none of those that are allowed: eu-west-1, us-east-1\n",
        ],
        [
          ["--set", "sidr=1"],
          "net.yaml:1:1 parameters: the document has no parameter sidr, for which there is a value from --set; did you mean cidr?\n",
        ],
        [["--set", "cidr"], "A --set has no name and value: write --set NAME=VALUE\n"],
        [["--parameters", "typo.yaml"], "typo.yaml:2:1 dsn: the document has no parameter dsn; did you mean dns?\n"],
        [["--parameters", "list.yaml"], "list.yaml:1:1 expected values of parameters by name, such as replicas: 3\n"],
        [["--parameters", "no.yaml"], "The parameters file no.yaml cannot be read: there is no such file\n"],
        [
          ["--env", "../x"],
          "The environment that --env gives is not a name of at most 50 letters, digits, dashes and underscores: ../x\n",
        ],
        [["--env", "prd"], "There is no environment prd: there is no "],
        [["--env", "prod"], "The environment prod has two files, "],
      ]
      yield* Effect.forEach(
        commands,
        ([args, says]) =>
          Effect.gen(function* () {
            const ended = yield* formae("apply", "net.yaml", ...args, "--json")
            assert.strictEqual(ended.code, 2, args.join(" "))
            assert.isTrue(ended.stderr.startsWith(says), `${args.join(" ")}: ${ended.stderr}`)
            yield* refusalIn(ended)
          }),
        { concurrency: 2 },
      )
      assert.isFalse(has("cloud.db"))
    }),
  )
})

describe("a folder", () => {
  it.live("is one document, with the name of the folder, its environments and its own mistakes", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      const [head = "", body = ""] = document.split("resources:")
      write("shop/base.yaml", head)
      write("shop/net.yml", `resources:${body}`)
      write("shop/parameters.dev.yaml", "cidr: 10.4.0.0/16\n")
      write("shop/package.json", "{}")
      const applied = yield* formae("apply", "shop", "--env", "dev", "--json")
      assert.strictEqual(applied.code, 0, applied.stderr)
      assert.deepEqual(yield* columnIn(at("cloud.db"), made), ['["10.4.0.0/16",0,"stage-dev"]'])
      assert.match((yield* formae("inventory")).stdout, /^shop@dev +net /m)
      write("shop/other.json", '{ "resources": [{ "label": "net" }] }')
      const twice = yield* formae("plan", "shop", "--env", "dev")
      assert.strictEqual(
        twice.stderr,
        "shop/other.json:1:19 resources[0].label: the label net is already used in shop/net.yml:2:5\n",
      )
      // A part that is broken is not left out: its resources would be deleted.
      const refused = (text: string) =>
        Effect.map(formae("plan", "shop", "--env", "dev"), ({ code, stderr }) => {
          assert.strictEqual(code, 2)
          assert.include(stderr, text)
        })
      write("shop/other.json", "\n")
      yield* refused("shop/other.json is a part of the document, but is empty. ")
      rmSync(at("shop/other.json"))
      symlinkSync(at("gone.yaml"), at("shop/link.yaml"))
      yield* refused("The document shop/link.yaml cannot be read: there is no such file")
      rmSync(at("shop/link.yaml"))
      execFileSync("mkfifo", [at("shop/pipe.yaml")])
      yield* refused("shop/pipe.yaml is a part of the document, but is not a regular file. ")
      rmSync(at("shop/pipe.yaml"))
      renameSync(at("shop/net.yml"), at("shop/NET.YAML"))
      assert.notMatch((yield* formae("plan", "shop", "--env", "dev")).stdout, /to delete/)
    }),
  )
})

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
      assert.deepEqual(yield* columnIn(at("cloud.db"), made), ['["10.0.0.0/16",null,"me"]'])
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
      write("plain.yaml", document)
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

const vault = `parameters:
  name: { type: string, allowed: [alpha, beta], description: "what it is called\\e[2J" }
  password: { type: string, secret: true, pattern: "canary-[0-9a-f]{6}" }
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0 } }
resources:
  - label: it
    type: FakeAWS::SecretsManager::Secret
    target: cloud
    properties: { Name: { $param: name }, SecretString: { $text: "pw:\${param.password}" } }
`

describe("a parameter without a value", needs("python3"), () => {
  const typing = fileURLToPath(new URL("typeAnswers.py", import.meta.url))
  const canary = "canary-93c1f7"

  it.live("is asked for at a terminal, where a secret is not shown, and is nowhere else afterwards", () =>
    Effect.gen(function* () {
      const { at, beginScript, bytesIn, formae, formaeAs, write } = yield* makeFolder
      write("vault.yaml", vault)
      const run = (answers: string, command: string) =>
        Effect.flatMap(
          beginScript(`python3 ${typing} "press Enter:" ${answers} -- $formae ${command}`),
          ({ ended }) => ended,
        )
      const asked = yield* run(`alpha '${canary}X\x7f'`, "plan vault.yaml")
      assert.strictEqual(asked.code, 0, asked.stdout)
      assert.include(
        asked.stdout,
        "The parameter name has no value: what it is called\\u001b[2J\nIt may be alpha, beta\nType it (string), and press Enter:\n",
      )
      assert.include(
        asked.stdout,
        "The parameter password has no value\nType it (string, not shown), and press Enter:\n",
      )
      const applied = yield* formaeAs({}, { FORMAE_PARAMETER_PASSWORD: canary })(
        "apply",
        "vault.yaml",
        "--set",
        "name=alpha",
        "--trust",
        ".",
      )
      assert.deepEqual(yield* columnIn(at("cloud.db"), "SELECT properties ->> 'SecretString' FROM resources"), [
        `pw:${canary}`,
      ])

      const short = yield* run("alpha short-1", "plan vault.yaml")
      assert.strictEqual(short.code, 2)
      assert.include(
        short.stdout,
        "vault.yaml:3:3 parameters.password: the value from the terminal does not match the pattern canary-[0-9a-f]{6}\n",
      )
      const broken = yield* formae(
        "plan",
        "vault.yaml",
        "--set",
        "name=gamma",
        "--set",
        `password=${canary}`,
        "--set",
        `pasword=${canary}`,
      )
      const plan = yield* formae(
        "plan",
        "vault.yaml",
        "--set",
        "name=alpha",
        "--set",
        `password=${canary}`,
        "--json",
        "--log-level",
        "debug",
      )
      assert.strictEqual(plan.code, 0, plan.stderr)
      for (const { stderr, stdout } of [asked, applied, short, broken, plan]) assert.notInclude(stdout + stderr, canary)
      assert.notInclude(short.stdout, "short-1")
      assert.notInclude(bytesIn(".formae"), canary)
    }),
  )
})
