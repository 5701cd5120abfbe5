import { assert, describe, it } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { pluginsFolder } from "../bundles/folders.ts"
import { type Ended, makeFolder, makeFolderOfSource } from "./formaeCommand.ts"

const canary = "canary-5e0c91"

const decodeResult = Schema.decodeUnknownEffect(Schema.fromJsonString(CommandResult), { onExcessProperty: "error" })

/** The one document on stdout, as `label operation`, or `label operation: code`. */
const resultOf = ({ stdout }: Ended) =>
  Effect.map(decodeResult(stdout), ({ command, resources, status }) => ({
    status: `${command} ${status}`,
    resources: resources.map(
      ({ error, label, operation }) => `${label} ${operation}${error === null ? "" : `: ${error.code}`}`,
    ),
  }))

/** The one document that a command prints which did nothing: its error, which stderr tells too. */
const refusalIn = ({ stderr, stdout }: Ended) =>
  Effect.map(decodeResult(stdout), ({ error, resources, status }) => {
    assert.deepEqual([status, resources], ["refused", []])
    assert.strictEqual(stderr, `${error?.message}\n`)
    return error
  })

const head = (config = "") => `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0${config} } }
`
const net = `  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
`
const block = `  - label: block
    type: FakeAWS::EC2::VPCCidrBlock
    target: cloud
    properties: { VpcId: { $ref: net.VpcId }, CidrBlock: 10.1.0.0/16 }
`
const password = `  - label: password
    type: FakeAWS::SecretsManager::Secret
    target: cloud
    properties: { Name: password, SecretString: ${canary} }
`
const shop = `${head()}resources:\n${net}${block}${password}`

describe("the commands", () => {
  it.live("print one JSON document on stdout, and everything else on stderr", () =>
    Effect.gen(function* () {
      const { bytesIn, formae, has, write } = yield* makeFolder
      write("shop.yaml", shop)
      write("agent.yaml", `state: kept/state.db\nplugins: ["${pluginsFolder}"]\noperator: { logLevel: Warn }\n`)
      const where = ["--json", "--config", "agent.yaml"]

      const planned = yield* formae("plan", "shop.yaml", ...where)
      assert.deepEqual(yield* resultOf(planned), {
        status: "plan planned",
        resources: ["net create", "block create", "password create"],
      })
      assert.deepEqual([planned.code, planned.stderr], [0, ""])
      assert.isFalse(has("cloud.db"))

      const applied = yield* formae("apply", "shop.yaml", ...where)
      assert.deepEqual(yield* resultOf(applied), {
        status: "apply succeeded",
        resources: ["net create", "block create", "password create"],
      })
      assert.strictEqual(applied.code, 0)
      const lines = applied.stderr.trimEnd().split("\n")
      assert.strictEqual(lines[0], "3 of 3 resources to change")
      assert.include(lines, "block: create")
      assert.isTrue(lines.some((line) => /^block: create done in \d+ ms \(vpc-cidr-assoc-[0-9a-f]+\)$/.test(line)))

      const again = yield* formae("apply", "shop.yaml", ...where)
      assert.deepEqual(yield* resultOf(again), {
        status: "apply succeeded",
        resources: ["net noop", "block noop", "password noop"],
      })
      assert.deepEqual([again.code, again.stderr], [0, ""])

      // What `--state` says goes ahead of the configuration.
      const listed = yield* formae("inventory", "--json", "--state", "kept/state.db", "--config", "agent.yaml")
      assert.deepEqual(yield* resultOf(listed), {
        status: "inventory succeeded",
        resources: ["block noop", "net noop", "password noop"],
      })

      const kept = bytesIn("kept")
      const destroyed = yield* formae("destroy", "shop.yaml", ...where)
      assert.deepEqual(yield* resultOf(destroyed), {
        status: "destroy succeeded",
        resources: ["block delete", "net delete", "password delete"],
      })
      assert.strictEqual(destroyed.code, 0)

      assert.include(kept, "FakeAWS::SecretsManager::Secret")
      for (const { stderr, stdout } of [planned, applied, again, listed, destroyed]) {
        assert.notInclude(stdout + stderr + kept + bytesIn("kept"), canary)
      }
    }),
  )

  it.live("say to people what was done, what failed and why, and end with 1 where something failed", () =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      const fault = "{ operation: create, label: net, when: before, action: error, code: AccessDenied }"
      const faulty = `${head(`, faults: [${fault}]`)}resources:\n${net}${block}${password}`
      write("shop.yaml", faulty)
      const failed = yield* formae("apply", "shop.yaml")
      assert.strictEqual(failed.code, 1)
      assert.match(failed.stdout, /^LABEL +TYPE +RESULT +NATIVE ID +TIME\n/)
      assert.match(failed.stdout, /^net +FakeAWS::EC2::VPC +create failed +- /m)
      assert.include(failed.stdout, "net: AccessDenied: a fault that the target asks for\n")
      assert.include(failed.stdout, "block: DependencyFailure: not tried, because net has failed\n")
      assert.isTrue(failed.stdout.endsWith("\n1 created, 2 failed\n"), failed.stdout)
      assert.include(failed.stderr, "net: create failed: AccessDenied: a fault that the target asks for\n")
      assert.notInclude(failed.stderr, "\u001b")
      assert.notInclude(failed.stdout + failed.stderr, canary)
      assert.isTrue(has(".formae/state.db"))

      const json = yield* formae("apply", "shop.yaml", "--json")
      assert.deepEqual(yield* resultOf(json), {
        status: "apply succeeded",
        resources: ["net create", "block create", "password noop"],
      })
    }),
  )

  it.live("say what changes and why, whose it is, and where a name may be a mistake", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write(
        "conf/agent.yaml",
        `state: ../state.db\nplugins: [${pluginsFolder}]\noperator: { retry: { maxRetries: 1 } }\n`,
      )
      const where = ["--config", "conf/agent.yaml"]
      const machine = (image: string, size: string) => `  - label: machine
    type: FakeAWS::EC2::Instance
    target: cloud
    properties: { ImageId: ${image}, InstanceType: ${size} }
`
      write("shop.yaml", `${head()}resources:\n${net}${machine("ami-1", "t3.micro")}`)
      yield* formae("apply", "shop.yaml", ...where)

      write("shop.yaml", `${head()}resources:\n${net}${machine("ami-1", "t3.large")}`)
      const planned = yield* formae("plan", "shop.yaml", ...where)
      assert.match(planned.stdout, /^machine +FakeAWS::EC2::Instance +to update: InstanceType +i-/m)

      write("shop.yaml", `${head()}resources:\n${net}${machine("ami-2", "t3.large")}`)
      const { resources } = yield* Effect.flatMap(formae("plan", "shop.yaml", "--json", ...where), ({ stdout }) =>
        decodeResult(stdout),
      )
      assert.deepEqual(
        resources.map(({ changed }) => changed),
        [[], ["ImageId"]],
      )
      const replaced = yield* formae("apply", "shop.yaml", ...where)
      const lines = replaced.stderr.split("\n").filter((line) => line.startsWith("machine: replace ("))
      assert.deepEqual(lines, ["machine: replace (delete)", "machine: replace (create)"])

      const listed = yield* formae("inventory", ...where)
      assert.match(listed.stdout, /^FORMA +LABEL +TYPE +NATIVE ID\nshop +machine +/)
      write("shop.yaml", `${head().replace("name: shop", "name: shed")}resources:\n${net}`)
      const mistaken = yield* formae("destroy", "shop.yaml", ...where)
      assert.strictEqual(mistaken.code, 0)
      assert.include(mistaken.stdout, "the forma shed has no resources; the inventory has resources of: shop\n")
      assert.include((yield* formae("plan", "shop.yaml", ...where)).stdout, "the forma shed has no resources")
    }),
  )

  it.live("find the plugins of the checkout that they run from", () =>
    Effect.gen(function* () {
      const { formae } = yield* makeFolderOfSource
      const { plugins } = yield* decodePlugins((yield* formae("plugins", "--json")).stdout)
      assert.sameMembers(
        plugins.map(({ namespace }) => namespace),
        ["AWS", "Azure", "Board", "FakeAWS"],
      )
    }),
  )

  it.live("list the plugins of all folders that are named, and those that can not be used", () =>
    Effect.gen(function* () {
      const { at, formae, has, write } = yield* makeFolder
      write("more/odd/formae-plugin.json", JSON.stringify({ name: "odd" }))
      write("more/dead/formae-plugin.json", JSON.stringify(manifestOf("dead", "Dead")))
      write("more/dead/main.js", `console.error("no such module"); process.exit(3)`)
      write("dead.yaml", `${dead}resources:\n${net}  - { label: it, type: Dead::Of::Thing, target: dead }\n`)
      const folders = ["--plugins", pluginsFolder, "--plugins", "more"]
      const [json, words, started, help] = yield* Effect.all(
        [
          formae("plugins", "--json", ...folders),
          formae("plugins", ...folders),
          formae("apply", "dead.yaml", "--json", ...folders),
          formae("--help"),
        ],
        { concurrency: 2 },
      )
      const { plugins, rejected } = yield* decodePlugins(json.stdout)
      assert.deepEqual(plugins.map(({ namespace }) => namespace).toSorted(), ["AWS", "Azure", "Dead", "FakeAWS"])
      assert.deepInclude(
        plugins.find(({ namespace }) => namespace === "Dead"),
        { version: "1.0.0", entry: at("more/dead/main.js") },
      )
      assert.lengthOf(rejected, 1)
      assert.match(words.stdout, /^NAMESPACE +NAME +VERSION +PROTOCOL +STATE +ENTRY\n/)
      assert.match(words.stderr, /^Not taken: .*more\/odd\/formae-plugin\.json: .*namespace: is missing/)
      assert.deepEqual([json.code, words.code, help.code], [0, 0, 0])
      assert.include(help.stdout, "2 bad input, 130 and 143")
      assert.match(
        help.stdout,
        /apply .*\n.*plan .*\n.*destroy .*\n.*resume .*\n.*adopt .*\n.*forget .*\n.*inventory .*\n.*plugins /,
      )

      // A plugin that does not start: nothing is done by the one that does.
      assert.strictEqual(started.code, 1)
      assert.strictEqual((yield* refusalIn(started))?.code, "PluginStartFailed")
      assert.match(started.stderr, /^The plugin dead did not start \(.*main\.js\): it exited with code 3/)
      assert.include(started.stderr, "no such module")
      assert.isFalse(has("cloud.db"))
    }),
  )
})

const decodePlugins = Schema.decodeUnknownEffect(
  Schema.fromJsonString(
    Schema.Struct({
      command: Schema.Literal("plugins"),
      status: Schema.Literal("succeeded"),
      plugins: Schema.Array(Schema.Struct({ namespace: Schema.String, version: Schema.String, entry: Schema.String })),
      rejected: Schema.Array(Schema.Json),
    }),
  ),
)

const manifestOf = (name: string, namespace: string) => ({
  name,
  namespace,
  version: "1.0.0",
  protocol: { min: 1, max: 1 },
  minAgentVersion: "0.1.0",
  entry: "main.js",
  environment: [],
})

const dead = `${head()}  dead: { namespace: Dead }
`

describe("bad input ends with 2, and nothing is done", () => {
  /** A forma, and what is said of it. The places are those of the forma as it stands here. */
  const formae: ReadonlyArray<readonly [what: string, text: string, says: string]> = [
    ["broken YAML", `${head()}resources: [`, "bad.yaml:4:13 Flow sequence in block collection must be"],
    ["a field that there is not", `${head()}colour: red\nresources: []`, "bad.yaml:4:1 colour: there is no such field"],
    [
      "a reference to nothing",
      `${head()}resources:\n${block}`,
      "bad.yaml:8:19 resources[0].properties.VpcId: there is no resource with the label net to refer to",
    ],
    [
      "a label twice, and a target that there is not",
      `${head()}resources:\n${net}${net.replace("cloud", "clown")}`,
      "bad.yaml:6:7 resources[1].label: the label net is already used by resources[0]\n" +
        "bad.yaml:6:44 resources[1].target: there is no target clown; the targets are: cloud",
    ],
    [
      "a namespace without a plugin",
      `${dead}resources:\n  - { label: it, type: Dead::Of::Thing, target: dead }\n`,
      "bad.yaml:6:18 resources[0].type: No plugin serves the namespace Dead; known are: AWS, Azure, FakeAWS",
    ],
    [
      "a type that its plugin does not know",
      `${head()}resources:\n${net}${net.replace("VPC,", "Vpc,").replace("net", "two")}`,
      "bad.yaml:6:19 resources[1].type: the plugin does not know the type FakeAWS::EC2::Vpc; it serves: ",
    ],
    [
      "a property that its type does not have",
      `${head()}resources:\n${net.replace("CidrBlock", "Cidr")}`,
      "bad.yaml:5:73 resources[0].properties.Cidr: FakeAWS::EC2::VPC has no property Cidr; it takes: CidrBlock, ",
    ],
    [
      "values and a target config that their schemas do not allow, all of them at once",
      `${head(", speed: 9")}resources:\n${net.replace("10.0.0.0/16", "hello, EnableDnsSupport: maybe")}`,
      "bad.yaml:3:97 targets.cloud.config.speed: there is no such field\n" +
        "bad.yaml:5:73 resources[0].properties.CidrBlock: Expected an IPv4 CIDR block such as 10.0.0.0/16, with a netmask of 16 to 28 bits\n" +
        "bad.yaml:5:91 resources[0].properties.EnableDnsSupport: Expected boolean\n",
    ],
  ]

  it.live("where a forma is wrong, with the place in its file", () =>
    Effect.gen(function* () {
      const run = Effect.fnUntraced(function* ([what, text, says]: (typeof formae)[number]) {
        const folder = yield* makeFolder
        folder.write("bad.yaml", text)
        const ended = yield* folder.formae("apply", "bad.yaml", "--json")
        assert.strictEqual(ended.code, 2, what)
        assert.isTrue(ended.stderr.startsWith(says), `${what}: ${ended.stderr}`)
        const error = yield* refusalIn(ended)
        assert.strictEqual(error?.code, "FormaInvalid")
        const [first] = error?.issues ?? []
        assert.isTrue(says.startsWith(`bad.yaml:${first?.line}:${first?.column} `), what)
        assert.isFalse(folder.has("cloud.db"), what)
      })
      yield* Effect.forEach(formae, run, { concurrency: 2 })
    }),
  )

  it.live("where a flag, a file or the configuration is wrong", () =>
    Effect.gen(function* () {
      const { formae: run, has, write } = yield* makeFolder
      write("shop.yaml", shop)
      write("agent.yaml", "stat: here\noperator: { retry: { maxRetries: -1 } }\n")
      write("broken.yaml", "state: [")
      write("here.yaml", "plugins: [nowhere]")
      const commands: ReadonlyArray<readonly [args: ReadonlyArray<string>, says: RegExp]> = [
        [["apply", "shop.yaml", "--colour"], /Unrecognized flag: --colour/],
        [["apply", ".", "--json"], /^The forma \. can not be read: it is a folder\n$/],
        [["apply", "nothing.yaml", "--json"], /^The forma nothing\.yaml can not be read: there is no such file\n$/],
        [
          ["apply", "shop.yaml", "--json", "--config", "agent.yaml"],
          /^agent\.yaml:1:1 stat: there is no such field\nagent\.yaml:2:22 operator\.retry\.maxRetries: /,
        ],
        [["apply", "shop.yaml", "--json", "--config", "broken.yaml"], /^broken\.yaml:1:9 /],
        [["inventory", "--json", "--config", "here.yaml"], /^There is no such folder of plugins: \/.*\/nowhere\n$/],
        [["inventory", "--json", "--plugins", "gone"], /^There is no such folder of plugins: gone\n$/],
        [["inventory", "--json", "--state", "."], /^The state file \. cannot be used: it is a folder\. /],
        [["apply", "shop.yaml", "--json", "--config", "no.yaml"], /^The configuration no\.yaml can not be read: /],
        [[], /formae <subcommand>/],
      ]
      yield* Effect.forEach(
        commands,
        ([args, says]) =>
          Effect.gen(function* () {
            const ended = yield* run(...args)
            assert.strictEqual(ended.code, 2, args.join(" "))
            assert.match(ended.stderr, says)
            assert.notInclude(ended.stderr, canary)
            if (args.includes("--json")) yield* refusalIn(ended)
            else assert.strictEqual(ended.stdout, "")
          }),
        { concurrency: 2 },
      )
      assert.isFalse(has("cloud.db"))
      assert.isFalse(has(".formae"))
    }),
  )
})

describe("a state file that can not be used", () => {
  it.live("is named, and so is the way out", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", shop)
      write("notes.txt", "not a database\n".repeat(1_000))
      const ended = yield* formae("apply", "shop.yaml", "--json", "--state", "notes.txt")
      assert.strictEqual(ended.code, 2)
      assert.strictEqual((yield* refusalIn(ended))?.code, "StoreUnavailable")
      assert.match(
        ended.stderr,
        /^The state file notes\.txt cannot be used: file is not a database\. Nothing was changed\. Name the state file of formae with --state\. /,
      )
    }),
  )

  it.live("ends with 1 and names the row that is not as formae writes it", () =>
    Effect.gen(function* () {
      const { at, formae } = yield* makeFolder
      assert.deepEqual(yield* resultOf(yield* formae("inventory", "--json")), {
        status: "inventory succeeded",
        resources: [],
      })
      const database = new DatabaseSync(at(".formae/state.db"))
      database.exec("INSERT INTO resources VALUES ('f', 'l', 'A::B::C', 't', '{}', 'id', 'torn', '{}', '[]', 0)")
      database.close()
      const ended = yield* formae("inventory", "--json")
      assert.strictEqual(ended.code, 1)
      assert.strictEqual((yield* refusalIn(ended))?.code, "InventoryUnreadable")
      assert.include(ended.stderr, "The inventory row of f/l cannot be read: desired ")
    }),
  )
})
