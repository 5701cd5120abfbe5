import { assert, describe, it } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import { makeFolder } from "./formaeCommand.ts"
import { refusalIn, resultOf } from "./jsonOutput.ts"
import { block, canary, head, headWithDead, net, shop } from "./shopDocument.ts"

/** Documents, and how the message about them begins. The places are those in the text that stands here. */
const documents: ReadonlyArray<readonly [what: string, text: string, says: string]> = [
  ["broken YAML", `${head()}resources: [`, "bad.yaml:4:13 Flow sequence in block collection must be"],
  ["an unknown field", `${head()}colour: red\nresources: []`, "bad.yaml:4:1 colour: there is no such field"],
  [
    "a reference to nothing",
    `${head()}resources:\n${block}`,
    "bad.yaml:8:19 resources[0].properties.VpcId: there is no resource with the label net to refer to",
  ],
  [
    "a label twice, and an unknown target",
    `${head()}resources:\n${net}${net.replace("cloud", "clown")}`,
    "bad.yaml:6:7 resources[1].label: the label net is already used by resources[0]; give one of them another label\n" +
      "bad.yaml:6:44 resources[1].target: there is no target clown; the targets are: cloud",
  ],
  [
    "a namespace without a plugin",
    `${headWithDead}resources:\n  - { label: it, type: Dead::Of::Thing, target: dead }\n`,
    "bad.yaml:6:18 resources[0].type: No plugin serves the namespace Dead; known namespaces: AWS, Azure, FakeAWS\n" +
      "Install a plugin for it, with npm",
  ],
  [
    "an unknown type",
    `${head()}resources:\n${net}${net.replace("VPC,", "Vpc,").replace("net", "two")}`,
    "bad.yaml:6:19 resources[1].type: the plugin does not know the type FakeAWS::EC2::Vpc; did you mean FakeAWS::EC2::VPC?",
  ],
  [
    "an unknown property",
    `${head()}resources:\n${net.replace("CidrBlock", "Cidr")}`,
    "bad.yaml:5:73 resources[0].properties.Cidr: FakeAWS::EC2::VPC has no property Cidr; the properties that it takes are: CidrBlock, ",
  ],
  [
    "values and a target config that their schemas do not allow, all reported at once",
    `${head(", speed: 9")}resources:\n${net.replace("10.0.0.0/16", "hello, EnableDnsSupport: maybe")}`,
    "bad.yaml:3:97 targets.cloud.config.speed: there is no such field; the fields are: cloud, region, settleMillis, faults\n" +
      "bad.yaml:5:73 resources[0].properties.CidrBlock: Expected an IPv4 CIDR block such as 10.0.0.0/16, with a netmask of 16 to 28 bits\n" +
      "bad.yaml:5:91 resources[0].properties.EnableDnsSupport: Expected boolean; this is a string, so write true or false, without quotes\n" +
      '"formae types FakeAWS::EC2::VPC" shows what it takes, with an example\n',
  ],
]

describe("bad input ends with 2, and nothing is done", () => {
  it.live("if a document is wrong; the place in the file is reported", () =>
    Effect.gen(function* () {
      const run = Effect.fnUntraced(function* ([what, text, says]: (typeof documents)[number]) {
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
      yield* Effect.forEach(documents, run, { concurrency: 2 })
    }),
  )

  it.live("if a flag, a file or the configuration is wrong", () =>
    Effect.gen(function* () {
      const { formae: run, has, write } = yield* makeFolder
      write("shop.yaml", shop)
      write("empty/parameters.prod.yaml", "")
      write("agent.yaml", "stat: here\noperator: { retry: { maxRetries: -1 } }\n")
      write("broken.yaml", "state: [")
      write("here.yaml", "plugins: [nowhere]")
      write("address.yaml", `state: postgres://me:${canary}@db/shop`)
      const commands: ReadonlyArray<readonly [args: ReadonlyArray<string>, says: RegExp]> = [
        [
          ["apply", "shop.yaml", "--colour"],
          /^formae apply has no flag --colour\n"formae apply --help" lists its flags\n$/,
        ],
        [
          ["apply", ".formae-none/..", "--json"],
          /^The document \.formae-none\/\.\. cannot be read: there is no such file, and no folder \.formae-none that can be read; look at the path\n$/,
        ],
        [
          ["apply", "shpo.yaml", "--json"],
          /^The document shpo\.yaml cannot be read: there is no such file; did you mean shop\.yaml\?\n$/,
        ],
        [
          ["apply", "shop.yaml", "--json", "--config", "agent.yaml"],
          /^agent\.yaml:1:1 stat: there is no such field; did you mean state\?\nagent\.yaml:2:22 operator\.retry\.maxRetries: /,
        ],
        [["apply", "shop.yaml", "--json", "--config", "broken.yaml"], /^broken\.yaml:1:9 /],
        [["config", "validate", "address.yaml"], /^address\.yaml:1:1 state: it has a password in it/],
        [["inventory", "--json", "--config", "here.yaml"], /^There is no such plugin folder: \/.*\/nowhere\n$/],
        [["inventory", "--json", "--plugins", "gone"], /^There is no such plugin folder: gone\n$/],
        [["inventory", "--json", "--state", "."], /^The state file \. cannot be used: it is a folder\. /],
        [["apply", "shop.yaml", "--json", "--config", "no.yaml"], /^The configuration no\.yaml cannot be read: /],
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

describe("a state file that cannot be used", () => {
  it.live("is named, and so is the remedy", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", shop)
      write("notes.txt", "not a database\n".repeat(1_000))
      const ended = yield* formae("apply", "shop.yaml", "--json", "--state", "notes.txt")
      assert.strictEqual(ended.code, 2)
      const error = yield* refusalIn(ended)
      assert.strictEqual(error?.code, "StoreUnavailable")
      assert.deepInclude(error?.facts, {
        file: "notes.txt",
        condition: "NotADatabase",
        reason: "file is not a database",
      })
      assert.notInclude(error?.message, "--state")
      assert.match(
        ended.stderr,
        /^The state file notes\.txt cannot be used: file is not a database\. Nothing was changed\. If it is the state file of formae, .*\. Or name another state file with --state$/m,
      )
    }),
  )

  it.live("is named with the row that cannot be read, and the exit code is 1", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("empty.yaml", "targets: {}\nresources: []\n")
      assert.deepEqual(yield* resultOf(yield* formae("apply", "empty.yaml", "--json")), {
        status: "apply succeeded",
        resources: [],
      })
      const database = new DatabaseSync(at(".formae/state.db"))
      database.exec(
        "INSERT INTO resources (forma, label, type, target, target_config, native_id, desired, actual, depends_on, updated_at) VALUES ('f', 'l', 'A::B::C', 't', '{}', 'id', 'torn', '{}', '[]', 0)",
      )
      database.close()
      const ended = yield* formae("inventory", "--json")
      assert.strictEqual(ended.code, 1)
      assert.strictEqual((yield* refusalIn(ended))?.code, "InventoryUnreadable")
      assert.include(ended.stderr, "The inventory row of f/l cannot be read: desired ")
    }),
  )
})
